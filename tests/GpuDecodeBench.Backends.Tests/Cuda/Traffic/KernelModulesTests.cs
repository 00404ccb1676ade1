using System.Runtime.CompilerServices;
using System.Text;
using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Ptx;

namespace GpuDecodeBench.Backends.Tests.Cuda.Traffic;

/// <summary>Every kernel that the program carries, run or not.</summary>
public sealed class KernelModulesTests
{
    /// <summary>The arguments of kernels by how their names begin; the longest beginning counts.</summary>
    private static readonly Dictionary<string, int> s_argumentBytes = new(StringComparer.Ordinal)
    {
        ["linear_"] = Unsafe.SizeOf<LinearArguments>(),
        ["attention_"] = Unsafe.SizeOf<AttentionArguments>(),
        ["embedding_"] = Unsafe.SizeOf<EmbeddingArguments>(),
        ["rms_norm"] = Unsafe.SizeOf<RmsNormArguments>(),
        ["head_norm"] = Unsafe.SizeOf<HeadNormArguments>(),
        ["rope"] = Unsafe.SizeOf<RopeArguments>(),
        ["rope_append_"] = Unsafe.SizeOf<RopeAppendArguments>(),
        ["kv_append_"] = Unsafe.SizeOf<KvAppendArguments>(),
        ["residual"] = Unsafe.SizeOf<ResidualArguments>(),
        ["residual_norm"] = Unsafe.SizeOf<ResidualNormArguments>(),
        ["soft_cap"] = Unsafe.SizeOf<SoftCapArguments>(),
        ["gated_activation_"] = Unsafe.SizeOf<GatedActivationArguments>(),
        ["copy_heads"] = Unsafe.SizeOf<CopyHeadsArguments>(),
        ["argmax"] = Unsafe.SizeOf<ArgmaxArguments>(),
        ["route"] = Unsafe.SizeOf<RouteArguments>(),
        ["group_by_expert"] = Unsafe.SizeOf<GroupByExpertArguments>(),
        ["expert_combine"] = Unsafe.SizeOf<ExpertCombineArguments>(),
        ["read_stream_"] = Unsafe.SizeOf<StreamArguments>(),
        ["copy_stream"] = Unsafe.SizeOf<StreamArguments>(),
        ["write_stream"] = Unsafe.SizeOf<StreamArguments>(),
        ["matrix_products_"] = Unsafe.SizeOf<FlopsArguments>(),
        ["multiply_adds"] = Unsafe.SizeOf<FlopsArguments>(),
        ["wait_nanoseconds"] = Unsafe.SizeOf<WaitArguments>(),
        ["generate_codes_"] = Unsafe.SizeOf<GenerateCodesArguments>(),
        ["generate_scales_"] = Unsafe.SizeOf<GenerateScalesArguments>(),
        ["generate_kv_"] = Unsafe.SizeOf<GenerateKvArguments>(),
        ["memory_"] = Unsafe.SizeOf<MemoryTestArguments>(),
        ["read_again"] = Unsafe.SizeOf<ReadAgainArguments>(),
        ["sustained_multiply_adds"] = Unsafe.SizeOf<MultiplyAddsArguments>(),
    };

    public static TheoryData<int, string> Modules
    {
        get
        {
            var modules = new TheoryData<int, string>();
            foreach (int architecture in (int[])[75, 80, 89, 90])
            {
                foreach (string module in CudaKernels.ModulesOf(architecture))
                {
                    modules.Add(architecture, module);
                }
            }

            return modules;
        }
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public void EveryKernelIsKnownToTheEmulatorFitsItsMemoryAndTakesItsArguments(int architecture, string module)
    {
        var parsed = PtxModule.Parse(Encoding.UTF8.GetString(CudaKernels.Read(architecture, module)));
        parsed.CheckAll();
        Assert.NotEmpty(parsed.Kernels);
        foreach (PtxKernel kernel in parsed.Kernels.Values)
        {
            Assert.True(
                kernel.LocalBytes == 0,
                $"{kernel.Name} of sm_{architecture} needs {kernel.LocalBytes} bytes a thread"
            );
            // Compilers refuse more than 48 KiB of shared memory that is declared and not asked for at the launch.
            Assert.True(
                kernel.StaticSharedBytes <= 48 * 1024,
                $"{kernel.Name} of sm_{architecture} declares {kernel.StaticSharedBytes} bytes of shared memory"
            );
            string? beginning = s_argumentBytes
                .Keys.Where(name => kernel.Name.StartsWith(name, StringComparison.Ordinal))
                .MaxBy(name => name.Length);
            Assert.True(beginning is not null, $"{kernel.Name} has no arguments in C#");
            Assert.True(
                kernel.ParameterBytes == s_argumentBytes[beginning],
                $"{kernel.Name} of sm_{architecture} takes {kernel.ParameterBytes} bytes, its arguments in C# have {s_argumentBytes[beginning]}"
            );
        }
    }

    [Theory]
    [InlineData(75)]
    [InlineData(80)]
    [InlineData(89)]
    [InlineData(90)]
    public void EveryArchitectureHasTheSameModules(int architecture) =>
        Assert.Equal(
            CudaKernels.ModulesOf(80).Order(StringComparer.Ordinal),
            CudaKernels.ModulesOf(architecture).Order(StringComparer.Ordinal)
        );
}
