using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Cuda.Weights;

/// <summary>Makes a tensor's synthetic weights on the host's processors and brings them to the GPU.</summary>
internal static class TileLoader
{
    /// <summary>Bytes of codes that are made between two copies.</summary>
    private const long SlabBytes = 16 << 20;

    /// <summary>Fills all matrices of a tensor.</summary>
    public static void Load(CudaMatrices target, ulong seed, WeightTensor tensor, CancellationToken cancellation)
    {
        var synthetic = new SyntheticMatrix(seed, tensor);
        target.SetTensorScales(synthetic.TensorScale);
        for (int index = 0; index < tensor.Count; index++)
        {
            Load(target, synthetic.Other(index), index, cancellation);
        }
    }

    private static void Load(CudaMatrices target, SyntheticMatrix synthetic, int index, CancellationToken cancellation)
    {
        TileLayout layout = target.Layout;
        long tileBytes = layout.CodesBefore(TileLayout.TileRows);
        long tilesPerSlab = Math.Clamp(SlabBytes / tileBytes, 1, layout.Tiles);
        for (long tile = 0; tile < layout.Tiles; tile += tilesPerSlab)
        {
            cancellation.ThrowIfCancellationRequested();
            long firstRow = tile * TileLayout.TileRows;
            long endRow = Math.Min(firstRow + (tilesPerSlab * TileLayout.TileRows), layout.Matrix.Rows);
            var slab = new TileSlab(layout, firstRow, endRow);
            slab.Fill(synthetic);
            target.CopyFrom(index, slab);
        }
    }
}
