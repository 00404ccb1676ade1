using System.Runtime.InteropServices;
using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda.Weights;

/// <summary>The matrices of one tensor on the GPU, each behind the other: one, or one for each expert or head.</summary>
internal sealed class CudaMatrices : IDisposable
{
    private readonly CudaBuffer _codes;
    private readonly CudaBuffer? _scales;
    private readonly CudaBuffer? _zeroPoints;
    private readonly CudaBuffer? _tensorScales;

    public CudaMatrices(CudaContext context, WeightTensor tensor)
    {
        Layout = new TileLayout(tensor.Layout);
        Count = tensor.Count;
        string name = tensor.Layer is int layer ? $"{tensor.Role} of layer {layer}" : $"{tensor.Role}";
        try
        {
            _codes = context.Allocate(Layout.CodeBytes * Count, $"The weights {name}", CudaMemoryKind.WeightCodes);
            _scales = AllocateOrNull(
                context,
                Layout.ScaleBytes * Count,
                $"The scales of {name}",
                CudaMemoryKind.WeightScales
            );
            _zeroPoints = AllocateOrNull(
                context,
                Layout.ZeroPointBytes * Count,
                $"The zero points of {name}",
                CudaMemoryKind.WeightScales
            );
            _tensorScales =
                tensor.Layout.Format == WeightFormat.NvFp4
                    ? context.Allocate(
                        sizeof(float) * (long)Count,
                        $"The tensor scales of {name}",
                        CudaMemoryKind.WeightScales
                    )
                    : null;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public TileLayout Layout { get; }

    public int Count { get; }

    public long Bytes => Buffers.Sum(buffer => buffer.Bytes);

    /// <summary>The codes of all matrices.</summary>
    public CudaBuffer Codes => _codes;

    /// <summary>All that it holds: codes, then what there is of scales, zero points and tensor scales.</summary>
    internal IEnumerable<CudaBuffer> Buffers =>
        new[] { _codes, _scales, _zeroPoints, _tensorScales }
            .Where(buffer => buffer is not null)
            .Select(buffer => buffer!);

    /// <summary>How kernels are told of them.</summary>
    public MatricesArguments Arguments =>
        new()
        {
            Codes = _codes.Address,
            Scales = _scales?.Address ?? 0,
            ZeroPoints = _zeroPoints?.Address ?? 0,
            TensorScales = _tensorScales?.Address ?? 0,
            CodesBytes = (ulong)Layout.CodeBytes,
            ScalesBytes = (ulong)Layout.ScaleBytes,
            ZeroPointsBytes = (ulong)Layout.ZeroPointBytes,
            Rows = checked((int)Layout.Matrix.Rows),
            Columns = checked((int)Layout.Matrix.Columns),
        };

    /// <summary>Copies a part of one matrix.</summary>
    public void CopyFrom(int index, TileSlab slab)
    {
        _codes.CopyFrom(slab.Codes, (index * Layout.CodeBytes) + slab.CodesOffset);
        _scales?.CopyFrom(slab.Scales, (index * Layout.ScaleBytes) + slab.ScalesOffset);
        _zeroPoints?.CopyFrom(slab.ZeroPoints, (index * Layout.ZeroPointBytes) + slab.ZeroPointsOffset);
    }

    /// <summary>Sets the scales of whole matrices, where the format has them: the same for all of a tensor.</summary>
    public void SetTensorScales(float scale)
    {
        if (_tensorScales is not null)
        {
            float[] scales = [.. Enumerable.Repeat(scale, Count)];
            _tensorScales.CopyFrom(MemoryMarshal.AsBytes(scales.AsSpan()));
        }
    }

    public void Dispose()
    {
        _codes?.Dispose();
        _scales?.Dispose();
        _zeroPoints?.Dispose();
        _tensorScales?.Dispose();
    }

    private static CudaBuffer? AllocateOrNull(CudaContext context, long bytes, string what, CudaMemoryKind kind) =>
        bytes == 0 ? null : context.Allocate(bytes, what, kind);
}
