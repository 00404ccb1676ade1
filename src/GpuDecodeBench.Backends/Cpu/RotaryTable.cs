using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>Cosines and sines of each sequence's position, as servers keep them: computed once, looked up in every layer.</summary>
internal sealed unsafe class RotaryTable : IDisposable
{
    private readonly NativeBuffer _memory;
    private readonly int _dimension;

    public RotaryTable(RopeShape rope, int headDimension, IReadOnlyList<int> positions)
    {
        _dimension = headDimension;
        _memory = new NativeBuffer((long)positions.Count * headDimension * sizeof(float));
        double[] frequencies = rope.InverseFrequencies(headDimension);
        for (int sequence = 0; sequence < positions.Count; sequence++)
        {
            float* row = Cosines(sequence);
            for (int i = 0; i < frequencies.Length; i++)
            {
                double angle = positions[sequence] * frequencies[i];
                row[i] = (float)Math.Cos(angle);
                row[frequencies.Length + i] = (float)Math.Sin(angle);
            }
        }
    }

    public long AllocatedBytes => _memory.Bytes;

    /// <summary>D/2 cosines of a sequence's position, D/2 sines after them.</summary>
    public float* Cosines(int sequence) => _memory.Floats + ((long)sequence * _dimension);

    public void Dispose() => _memory.Dispose();
}
