using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>Matrices of one shape, one for each expert or head, in three allocations that all of them share.</summary>
internal sealed class PanelMatrixSet : IDisposable
{
    private readonly PanelMatrix[] _matrices;
    private readonly NativeBuffer[] _memory;

    public PanelMatrixSet(WeightLayout layout, int count)
    {
        PanelSizes sizes = PanelSizes.Of(layout);
        _memory = new NativeBuffer[3];
        try
        {
            _memory[0] = new NativeBuffer(count * sizes.CodeStride);
            _memory[1] = new NativeBuffer(count * sizes.ScaleStride);
            _memory[2] = new NativeBuffer(count * sizes.ZeroPointStride);
        }
        catch (DeviceUnavailableException)
        {
            Dispose();
            throw;
        }

        _matrices = new PanelMatrix[count];
        for (int i = 0; i < count; i++)
        {
            _matrices[i] = new PanelMatrix(
                layout,
                new NativeBuffer(_memory[0], i * sizes.CodeStride, sizes.CodeBytes),
                new NativeBuffer(_memory[1], i * sizes.ScaleStride, sizes.ScaleBytes),
                new NativeBuffer(_memory[2], i * sizes.ZeroPointStride, sizes.ZeroPointBytes)
            );
        }
    }

    /// <summary>One of the matrices.</summary>
    public PanelMatrix this[int index] => _matrices[index];

    /// <summary>How many there are.</summary>
    public int Count => _matrices.Length;

    /// <summary>The codes of all of them.</summary>
    public NativeBuffer Codes => _memory[0];

    /// <summary>Memory taken.</summary>
    public long AllocatedBytes => _matrices.Sum(matrix => matrix.AllocatedBytes);

    public void Dispose()
    {
        foreach (NativeBuffer? buffer in _memory)
        {
            buffer?.Dispose();
        }
    }
}
