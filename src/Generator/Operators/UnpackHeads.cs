using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>One part of <see cref="PackHeads"/>, its heads merged.</summary>
/// <remarks>x: [tokens, heads · parts · padded head size]; result: [tokens, heads · headSize], f32.</remarks>
internal sealed record UnpackHeads(int Part, int Parts, int Heads, int HeadSize) : Operator
{
    public override string Attributes => $"part {Part} of {Parts}, heads = {Heads}";

    public override Shape Infer(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Columns == PackHeads.Columns(Parts, Heads, HeadSize), $"{inputs[0]} does not hold {Parts} parts of {Heads} heads of {HeadSize}.");
        return inputs[0].WithColumns(Heads * HeadSize);
    }
}
