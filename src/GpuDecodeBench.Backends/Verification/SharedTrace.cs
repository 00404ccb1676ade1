using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Verification;

/// <summary>Shows one run of a step to two traces.</summary>
/// <param name="first">Sees each result first.</param>
/// <param name="second">Sees it next.</param>
internal sealed class SharedTrace(IStepTrace first, IStepTrace second) : IStepTrace
{
    public void OnOutput(PlanOperation operation, ReadOnlySpan<float> values)
    {
        first.OnOutput(operation, values);
        second.OnOutput(operation, values);
    }

    public void OnKvAppended(
        PlanOperation operation,
        int sequence,
        int head,
        bool isValue,
        ReadOnlySpan<byte> codes,
        ushort scaleBits
    )
    {
        first.OnKvAppended(operation, sequence, head, isValue, codes, scaleBits);
        second.OnKvAppended(operation, sequence, head, isValue, codes, scaleBits);
    }
}
