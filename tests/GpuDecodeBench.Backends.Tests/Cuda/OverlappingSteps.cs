using GpuDecodeBench.Backends.Cuda;

namespace GpuDecodeBench.Backends.Tests.Cuda;

/// <summary>Steps whose launches overlap, for tests that plant a fault in each of their kernels in turn.</summary>
internal static class OverlappingSteps
{
    /// <summary>Models that together have every kind of kernel.</summary>
    public static TheoryData<string> Models =>
        [
            TestModels.Regular.Name,
            TestArchitectures.Gemma2.Name,
            TestArchitectures.DeepSeek.Name,
            TestArchitectures.GptOss.Name,
        ];

    /// <summary>The kernels that a step launches, but for the first launch's, which has none ahead of it.</summary>
    public static string[] KernelsBehindTheFirst(IDecodeSession session) =>
        [
            .. ((CudaSession)session)
                .Stages.SelectMany(stage => stage.Works)
                .Skip(1)
                .Select(work => work.Launch.Function.Name)
                .Distinct(),
        ];
}
