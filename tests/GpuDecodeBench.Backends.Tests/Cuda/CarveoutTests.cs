using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Backends.Tests.Cuda;

/// <summary>GPU_DECODE_BENCH_CARVEOUT, which gives all kernels one wish for shared memory.</summary>
public sealed class CarveoutTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("0", 0)]
    [InlineData("72", 72)]
    [InlineData("100", 100)]
    public void APercentageIsTakenAndNothingLeftToTheDriver(string? text, int? percent) =>
        Assert.Equal(percent, CudaKernels.ReadCarveout(text));

    [Theory]
    [InlineData("101")]
    [InlineData("-1")]
    [InlineData("72.5")]
    [InlineData("most")]
    public void AnythingElseIsRefusedWithWhatIsAccepted(string text)
    {
        InputException refused = Assert.Throws<InputException>(() => CudaKernels.ReadCarveout(text));
        Assert.Contains($"GPU_DECODE_BENCH_CARVEOUT '{text}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("from 0 to 100", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryKernelAsksTheDriverForIt()
    {
        using var device = (CudaDevice)new EmulatorBackend(90).Open(EmulatorBackend.BackendName);
        Assert.Equal(-1, device.Kernels.Get("argmax", "argmax").Carveout);
        device.Kernels.CarveoutPercent = 72;
        Assert.Equal(72, device.Kernels.Get("linear_bf16", "linear_mma_bf16_t8").Carveout);
        Assert.Equal(72, device.Kernels.Get("attention_bf16", "attention_mma_bf16_d128_h8").Carveout);
    }
}
