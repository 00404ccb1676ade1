using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests;

/// <summary>Keeps the last output of each operation name.</summary>
internal sealed class RecordingTrace : IStepTrace
{
    public Dictionary<string, float[]> Outputs { get; } = [];

    public void OnOutput(PlanOperation operation, ReadOnlySpan<float> values) =>
        Outputs[operation.Name] = values.ToArray();

    public void OnKvAppended(
        PlanOperation operation,
        int sequence,
        int head,
        bool isValue,
        ReadOnlySpan<byte> codes,
        ushort scaleBits
    ) =>
        Outputs[$"{operation.Name}/{sequence}/{head}/{isValue}"] = [
            .. codes.ToArray().Select(code => (float)code),
            scaleBits,
        ];
}
