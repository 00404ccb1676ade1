using System.Text;
using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Ptx;

namespace GpuDecodeBench.Backends.Tests.Cuda;

/// <summary>kernels/resources.tsv against the PTX that it was made of.</summary>
public sealed class KernelResourceTableTests
{
    private static readonly int[] s_architectures = [75, 80, 89, 90];

    [Fact]
    public void TheTableHasEveryKernelOfEveryModuleAndNoOther()
    {
        IEnumerable<string> kernels = KernelsOfAll()
            .Select(each => $"sm_{each.Architecture} {each.Module} {each.Kernel.Name}");
        IEnumerable<string> lines = KernelResourceTable
            .Lines()
            .Select(line => $"sm_{line.Architecture} {line.Module} {line.Kernel}");
        Assert.Equal(kernels.Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void KernelsAreKnownByTheirNamesAlone() =>
        Assert.All(
            KernelResourceTable.Lines().GroupBy(line => (line.Architecture, line.Kernel)),
            lines => Assert.Single(lines)
        );

    [Fact]
    public void SharedMemoryIsWhatThePtxDeclares() =>
        Assert.All(
            KernelsOfAll(),
            each =>
                Assert.Equal(
                    (each.Kernel.Name, each.Kernel.StaticSharedBytes),
                    (
                        each.Kernel.Name,
                        KernelResourceTable.Find(each.Architecture, each.Kernel.Name)!.Value.StaticSharedBytes
                    )
                )
        );

    /// <summary>A block that does not fit cannot be launched at all.</summary>
    [Fact]
    public void RegistersOfEveryKernelAllowItsLargestBlock() =>
        Assert.All(
            KernelsOfAll(),
            each =>
            {
                int registers = KernelResourceTable.Find(each.Architecture, each.Kernel.Name)!.Value.RegistersPerThread;
                Assert.InRange(registers, 1, 255);
                Assert.InRange((each.Kernel.MaxThreads ?? 1) * ((registers + 7) / 8 * 8), 1, 64 << 10);
            }
        );

    [Fact]
    public void WhatSomebodyElseWroteIsNotKnown() => Assert.Null(KernelResourceTable.Find(80, "somebody_elses"));

    /// <summary>Of sm_89 those modules that are not sm_80's.</summary>
    private static IEnumerable<(int Architecture, string Module, PtxKernel Kernel)> KernelsOfAll() =>
        from architecture in s_architectures
        from module in CudaKernels.ModulesOf(architecture)
        let text = Encoding.UTF8.GetString(CudaKernels.Read(architecture, module))
        where text.Contains($".target sm_{architecture}", StringComparison.Ordinal)
        from kernel in PtxModule.Parse(text).Kernels.Values
        select (architecture, module, kernel);
}
