using System.Text;
using System.Text.RegularExpressions;
using GpuDecodeBench.Backends.Cuda;

namespace GpuDecodeBench.Backends.Tests.Cuda;

/// <summary>What kernels/README.md asks of kernels that may overlap, as far as their text shows it.</summary>
public sealed partial class KernelOverlapTests
{
    private const int FirstWithOverlap = 90;

    /// <summary>Modules whose kernels are no part of a step.</summary>
    private static readonly string[] s_apart = ["fill", "flops", "load", "memory_test", "stream"];

    public static TheoryData<string> Modules =>
        [.. CudaKernels.ModulesOf(FirstWithOverlap).Where(module => !s_apart.Contains(module)).Order()];

    [Theory]
    [MemberData(nameof(Modules))]
    public void EveryKernelLetsTheNextStartAndWaitsBeforeItWritesOrReturns(string module)
    {
        string text = Encoding.ASCII.GetString(CudaKernels.Read(FirstWithOverlap, module));
        string[] kernels = [.. Entry().Split(text).Skip(1)];
        Assert.NotEmpty(kernels);
        foreach (string kernel in kernels)
        {
            string name = kernel.Split('(')[0];
            int wait = kernel.IndexOf("griddepcontrol.wait;", StringComparison.Ordinal);
            Assert.True(wait >= 0, $"{name} does not wait");
            string before = kernel[..wait];
            Assert.Contains("griddepcontrol.launch_dependents;", before, StringComparison.Ordinal);
            Assert.DoesNotContain("st.global", before, StringComparison.Ordinal);
            Assert.DoesNotContain("atom.", before, StringComparison.Ordinal);
            Assert.DoesNotContain("ret;", before, StringComparison.Ordinal);
            Assert.Equal(wait, kernel.LastIndexOf("griddepcontrol.wait;", StringComparison.Ordinal));
        }
    }

    /// <summary>
    /// PTX defines ld.global.nc for what nobody writes while the kernel runs; kernels overlap, so that is what no kernel of a step
    /// writes: weights, which products and embeddings alone read. That these load nothing else so, traffic tests check step by step.
    /// </summary>
    [Theory]
    [MemberData(nameof(Modules))]
    public void OnlyKernelsThatReadWeightsLoadWhatNobodyWrites(string module)
    {
        string text = Encoding.ASCII.GetString(CudaKernels.Read(FirstWithOverlap, module));
        bool readsWeights = module == "embedding" || module.StartsWith("linear_", StringComparison.Ordinal);
        Assert.Equal(readsWeights, text.Contains("ld.global.nc", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\.entry\s+", RegexOptions.None, 1000)]
    private static partial Regex Entry();
}
