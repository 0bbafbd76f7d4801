namespace BertGen.Data;

/// <summary>Turns the examples of one head into what a training step is made of, by the model's own tokenizer and limits. Used by one thread at a time; needs no call of the model.</summary>
internal interface IExampleEncoder<in TExample>
{
    /// <summary>Appends an example: one text, several where windows of it are learned, none where nothing of it can be.</summary>
    /// <exception cref="ArgumentException">The example does not fit the model or the head.</exception>
    void Encode(TExample example, List<EncodedExample> into);
}
