using BertGen.Models.Tests.Torch;

namespace BertGen.Models.Tests;

public sealed class TorchLibraryTests
{
    [Fact]
    public void Libtorch_loads() => Machine.RequireTorch();
}
