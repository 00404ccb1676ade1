using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>Puts the pieces of each query head's attention together by their largest scores. Items: query heads of each sequence.</summary>
internal sealed unsafe class AttentionCombineOperation(
    PlanOperation plan,
    CpuKernels kernels,
    AttentionShape attention,
    AttentionSplit split,
    NativeBuffer? sinks,
    CpuBuffer output
) : CpuOperation(plan, (long)output.Batch * attention.Heads, HeadsPerTurn)
{
    private const int HeadsPerTurn = 4;

    protected override void Execute(int worker, long first, long end)
    {
        for (long item = first; item < end; item++)
        {
            int sequence = (int)(item / attention.Heads);
            int head = (int)(item % attention.Heads);
            Combine(sequence, head, output.Row(sequence) + (head * split.ValueDimension));
        }
    }

    private void Combine(int sequence, int head, float* target)
    {
        float largest = float.NegativeInfinity;
        for (int piece = 0; piece < split.PiecesPerHead; piece++)
        {
            largest = MathF.Max(largest, split.Partial(sequence, head, piece)[0]);
        }

        float total = AttentionSink.Weight(sinks, head, largest);
        for (int piece = 0; piece < split.PiecesPerHead; piece++)
        {
            float* partial = split.Partial(sequence, head, piece);
            total += partial[1] * MathF.Exp(partial[0] - largest);
        }

        new Span<float>(target, split.ValueDimension).Clear();
        for (int piece = 0; piece < split.PiecesPerHead; piece++)
        {
            float* partial = split.Partial(sequence, head, piece);
            kernels.AddScaled(target, partial + 2, MathF.Exp(partial[0] - largest) / total, split.ValueDimension);
        }
    }
}
