using BertGen.Generator.Diagnostics;
using BertGen.Generator.Members;
using BertGen.Generator.Specs;
using Microsoft.CodeAnalysis;

namespace BertGen.Generator.Reading;

/// <summary>Checks that the generated members meet neither each other nor what the user declares.</summary>
internal static class MemberReader
{
    public static void Check(INamedTypeSymbol type, ModelSpec spec, DeclaredAttribute encoder, List<ReadHead> heads, DiagnosticBag bag)
    {
        bool vectorInput = spec.Encoder.Features > 0;
        CheckUserMembers(type, encoder, ModelMembers.Common(spec.Heads, vectorInput), bag);
        for (int i = 0; i < heads.Count; i++)
        {
            IReadOnlyList<GeneratedMember> members = ModelMembers.Of(heads[i].Spec, vectorInput, spec.HasEmbeddingGenerator);
            CheckUserMembers(type, heads[i].Attribute, members, bag);
            for (int earlier = 0; earlier < i; earlier++)
            {
                if (Meet(heads[earlier], heads[i], members, vectorInput, spec.HasEmbeddingGenerator, bag))
                {
                    break;
                }
            }
        }
    }

    /// <summary>Reports the first member or published name that two heads share.</summary>
    private static bool Meet(ReadHead first, ReadHead second, IReadOnlyList<GeneratedMember> members, bool vectorInput, bool hasEmbeddingGenerator, DiagnosticBag bag)
    {
        HashSet<string> keys = [.. ModelMembers.Of(first.Spec, vectorInput, hasEmbeddingGenerator).Select(m => m.Key)];
        if (members.FirstOrDefault(m => keys.Contains(m.Key)) is { Name: not null } shared)
        {
            bag.Report(DeclarationRules.SameMembers, second.Attribute.Site, first.Attribute.Display, second.Attribute.Display, shared.Name, NameFor(second));
            return true;
        }

        if (first.Spec.TensorName == second.Spec.TensorName)
        {
            bag.Report(DeclarationRules.SamePublishedName, second.Attribute.Site, first.Attribute.Display, second.Attribute.Display, second.Spec.TensorName, NameFor(second));
            return true;
        }

        return false;
    }

    /// <summary>A name to propose: that of the labels, or of the task.</summary>
    private static string NameFor(ReadHead head)
    {
        string name = head.Attribute.TypeArgument?.Name ?? "Second";
        return head.Spec.Name == name ? name + "2" : name;
    }

    private static void CheckUserMembers(INamedTypeSymbol type, DeclaredAttribute attribute, IReadOnlyList<GeneratedMember> members, DiagnosticBag bag)
    {
        foreach (GeneratedMember member in members)
        {
            string? conflict = member.Name == type.Name ? "has that name itself"
                : type.GetMembers(member.Name).Any(m => !m.IsImplicitlyDeclared && Conflicts(m, member)) ? "declares it too"
                : null;
            if (conflict is not null)
            {
                bag.Report(DeclarationRules.MemberExists, attribute.Site, attribute.Display, member.Name, type.Name, conflict);
                return;
            }
        }
    }

    /// <summary>Methods may share a name when their parameters differ; nothing else may.</summary>
    private static bool Conflicts(ISymbol declared, GeneratedMember generated) =>
        generated.Signature is null || declared is not IMethodSymbol method || (method.Arity == 0 && SignatureOf(method) == generated.Signature);

    private static string SignatureOf(IMethodSymbol method) =>
        $"{method.Name}({string.Join(", ", method.Parameters.Select(p => p.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)))})";
}
