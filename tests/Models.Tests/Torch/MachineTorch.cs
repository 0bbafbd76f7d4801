namespace BertGen.Tests;

/// <summary>What a machine may lack: libtorch.</summary>
internal static class MachineTorch
{
    extension(Machine)
    {
        /// <summary>Goes on where libtorch runs; skips the test where not, and fails it under CI.</summary>
        public static void RequireTorch() => Machine.Require(TorchLibrary.IsAvailable, TorchLibrary.Advice);
    }
}
