using System.Reflection;
using System.Runtime.Loader;
using BertGen.CompilerServices;
using BertGen.Generator.Emission;
using BertGen.Generator.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BertGen.Generator.Tests.Compiler;

/// <summary>Generated text, compiled in memory against the runtime and loaded.</summary>
internal static class CompiledModel
{
    private static readonly MetadataReference[] s_references =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("BertGen.Generator", StringComparison.Ordinal))
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
            .ToArray();

    /// <summary>The oldest language that the diagnostic on the language version lets through.</summary>
    private static readonly CSharpParseOptions s_oldest = new(LanguageVersion.CSharp12);

    /// <summary>The program and its kernels, without the typed members, which only call the runtime.</summary>
    public static CSharpCompilation Compile(ModelSpec spec, bool isFused = true)
    {
        IEnumerable<SyntaxTree> trees = ModelCompiler.Run(spec, isFused).Verify().Print().Files
            .Where(file => file.HintName.EndsWith(".Program.g.cs", StringComparison.Ordinal) || file.HintName.EndsWith(".Kernels.g.cs", StringComparison.Ordinal))
            .Select(file => CSharpSyntaxTree.ParseText(file.Text, s_oldest, file.HintName))
            .Append(CSharpSyntaxTree.ParseText($"namespace {spec.Namespace}; public sealed partial class {spec.Name};", s_oldest));
        return CSharpCompilation.Create(
            $"Compiled{Guid.NewGuid():N}",
            trees,
            s_references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
    }

    public static CompiledProgram Load(ModelSpec spec, bool isFused = true)
    {
        using MemoryStream image = new();
        Microsoft.CodeAnalysis.Emit.EmitResult result = Compile(spec, isFused).Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        image.Position = 0;
        Assembly assembly = new AssemblyLoadContext(null, isCollectible: false).LoadFromStream(image);
        Type program = assembly.GetType($"{spec.Namespace}.{spec.Name}+Program", throwOnError: true)!;
        return (CompiledProgram)program.GetField("Instance", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;
    }
}
