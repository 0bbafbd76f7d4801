namespace BertGen;

/// <summary>Collects what a <see cref="ClassificationReport"/> says.</summary>
internal sealed class ClassificationTally
{
    private readonly ConfusionMatrix _confusion;
    private readonly int[] _unseen;
    private double _loss;
    private int _losses;

    public ClassificationTally(IReadOnlyList<string> labels)
    {
        _confusion = new ConfusionMatrix(labels);
        _unseen = new int[labels.Count];
    }

    /// <summary>A tally of the members of an enum with the values 0 to <paramref name="count"/> - 1.</summary>
    public static ClassificationTally Of<TLabel>(int count) where TLabel : struct, Enum => new(Names<TLabel>(count));

    /// <summary>Names of the members with the values 0 to <paramref name="count"/> - 1.</summary>
    public static string[] Names<TLabel>(int count) where TLabel : struct, Enum
    {
        string[] names = new string[count];
        for (int i = 0; i < count; i++)
        {
            names[i] = Labels.At<TLabel>(i).ToString();
        }

        return names;
    }

    /// <param name="actual">What is right.</param>
    /// <param name="predicted">What was said.</param>
    /// <param name="loss">-ln of the probability of what is right.</param>
    public void Add(int actual, int predicted, double loss)
    {
        _confusion.Add(actual, predicted);
        _loss += loss;
        _losses++;
    }

    /// <summary>-ln of a probability that may have been rounded to 0.</summary>
    public static double Loss(float probability) => -Math.Log(Math.Max(probability, float.Epsilon));

    public void AddUnseen(int actual) => _unseen[actual]++;

    public ClassificationReport Report() => new(_confusion, _unseen, _losses == 0 ? 0 : _loss / _losses);
}
