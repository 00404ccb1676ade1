using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using GpuDecodeBench.Backends.Cpu;

namespace GpuDecodeBench.Backends.Tests.Cpu;

public class CpuDescriptionTests
{
    [Fact]
    public void TheDeviceNamesTheVectorsThatItsKernelsUse()
    {
        string expected =
            Avx512F.IsSupported ? "AVX-512"
            : Vector256.IsHardwareAccelerated ? "256-bit vectors"
            : "128-bit vectors";
        Assert.Equal(expected, new CpuBackend(new TestHost()).FindDevices()[0].Detail);
    }
}
