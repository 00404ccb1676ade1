using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>Cosines and sines of each sequence's position, as servers keep them: computed once, looked up in every layer.</summary>
internal sealed unsafe class RotaryTable : IDisposable
{
    private readonly NativeBuffer _memory;
    private readonly int _dimension;

    public RotaryTable(RopeShape rope, int headDimension, IReadOnlyList<int> contextTokens)
    {
        _dimension = rope.RotatedOf(headDimension);
        _memory = new NativeBuffer((long)contextTokens.Count * _dimension * sizeof(float));
        for (int sequence = 0; sequence < contextTokens.Count; sequence++)
        {
            RotaryRow.Fill(
                rope,
                headDimension,
                contextTokens[sequence],
                new Span<float>(Cosines(sequence), _dimension)
            );
        }
    }

    public long AllocatedBytes => _memory.Bytes;

    /// <summary>Half as many cosines of a sequence's position as elements that are rotated, the sines after them.</summary>
    public float* Cosines(int sequence) => _memory.Floats + ((long)sequence * _dimension);

    public void Dispose() => _memory.Dispose();
}
