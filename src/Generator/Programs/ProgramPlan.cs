using System.Collections.Immutable;
using BertGen.Generator.Graphs;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Programs;

/// <summary>What every worker of a team does, in order.</summary>
internal sealed record ProgramPlan(ImmutableArray<Step> Steps);

internal abstract record Step
{
    /// <summary>A worker's share of one function.</summary>
    internal sealed record Call(TileKernel Kernel, TileCall Tile, Split Split) : Step;

    /// <summary>All workers meet.</summary>
    /// <param name="Reason">What would be read or written too early without.</param>
    internal sealed record Barrier(string Reason) : Step;

    /// <summary>One way for a team with few tokens, another for all else.</summary>
    internal sealed record Few(int Tokens, ImmutableArray<Step> IfFew, ImmutableArray<Step> Otherwise) : Step;

    /// <summary>The steps of one layer, for every layer; backward from the last to the first that is trained.</summary>
    internal sealed record Layers(int Count, ImmutableArray<Step> Body, bool IsBackward = false) : Step;

    /// <summary>Steps that only these heads need in training.</summary>
    internal sealed record WhenHeads(ImmutableArray<int> Heads, ImmutableArray<Step> Body) : Step;

    /// <summary>Steps of training that only trained embeddings need.</summary>
    internal sealed record WhenEmbeddings(ImmutableArray<Step> Body) : Step;

    /// <summary>Steps that only these results need.</summary>
    internal sealed record When(ImmutableArray<GraphOutput> Results, ImmutableArray<Step> Body) : Step;
}
