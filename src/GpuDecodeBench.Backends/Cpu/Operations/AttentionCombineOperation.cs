using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>Puts the pieces of each query head's attention together by their largest scores. Items: sequences.</summary>
internal sealed unsafe class AttentionCombineOperation(
    PlanOperation plan,
    AttentionShape attention,
    AttentionSplit split,
    NativeBuffer? sinks,
    CpuBuffer output
) : CpuOperation(plan, output.Batch, 1)
{
    protected override void Execute(int worker, long first, long end)
    {
        int dimension = split.ValueDimension;
        for (int sequence = (int)first; sequence < end; sequence++)
        {
            for (int head = 0; head < attention.Heads; head++)
            {
                Combine(sequence, head, new Span<float>(output.Row(sequence) + (head * dimension), dimension));
            }
        }
    }

    private void Combine(int sequence, int head, Span<float> target)
    {
        float largest = float.NegativeInfinity;
        for (int piece = 0; piece < split.PiecesPerHead; piece++)
        {
            largest = MathF.Max(largest, split.Partial(sequence, head, piece)[0]);
        }

        float total = 0;
        target.Clear();
        for (int piece = 0; piece < split.PiecesPerHead; piece++)
        {
            float* partial = split.Partial(sequence, head, piece);
            float factor = MathF.Exp(partial[0] - largest);
            total += partial[1] * factor;
            for (int d = 0; d < target.Length; d++)
            {
                target[d] += partial[2 + d] * factor;
            }
        }

        total += AttentionSink.Weight(sinks, head, largest);
        for (int d = 0; d < target.Length; d++)
        {
            target[d] /= total;
        }
    }
}
