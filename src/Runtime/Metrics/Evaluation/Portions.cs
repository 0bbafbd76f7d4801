namespace BertGen;

/// <summary>Cuts what is to be evaluated into portions, so that a set of any length streams through.</summary>
internal static class Portions
{
    private const int Size = 1024;

    /// <summary>The examples in portions.</summary>
    /// <exception cref="ArgumentException">There is no example, or one is null.</exception>
    public static IEnumerable<List<TExample>> Of<TExample>(IEnumerable<TExample> examples, CancellationToken cancellationToken) where TExample : class
    {
        ArgumentNullException.ThrowIfNull(examples);
        return Cut(examples, cancellationToken);
    }

    private static IEnumerable<List<TExample>> Cut<TExample>(IEnumerable<TExample> examples, CancellationToken cancellationToken) where TExample : class
    {
        List<TExample> portion = [];
        long count = 0;
        foreach (TExample example in examples)
        {
            portion.Add(example ?? throw new ArgumentException($"Example {count} is null.", nameof(examples)));
            count++;
            if (portion.Count == Size)
            {
                yield return portion;
                cancellationToken.ThrowIfCancellationRequested();
                portion.Clear();
            }
        }

        if (count == 0)
        {
            throw new ArgumentException("There is no example to evaluate.", nameof(examples));
        }

        if (portion.Count > 0)
        {
            yield return portion;
        }
    }
}
