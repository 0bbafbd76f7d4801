using TorchSharp;

namespace BertGen.Tests;

/// <summary>Whether libtorch loads on this machine.</summary>
internal static class TorchLibrary
{
    private static readonly Lazy<string?> s_failure = new(TryLoad);

    /// <summary>Null where libtorch runs; otherwise why not.</summary>
    public static string? Failure => s_failure.Value;

    public static bool IsAvailable => Failure is null;

    /// <summary>What to say where it does not.</summary>
    public static string Advice => $"TorchSharp does not load here ({Failure}); on Debian 12 the build mends it when python3, g++ and patchelf are installed.";

    private static string? TryLoad()
    {
        try
        {
            torch.set_num_threads(1);
            using torch.Tensor two = torch.ones(1) + torch.ones(1);
            return two.item<float>() == 2 ? null : "1 + 1 was not 2";
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException or NotSupportedException or EntryPointNotFoundException)
        {
            return exception.GetBaseException().Message.Split('\n')[0];
        }
    }
}
