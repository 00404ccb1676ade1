using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>Fills a matrix with its synthetic weights on all threads of a team.</summary>
internal static class PanelLoader
{
    private const int PanelsPerTurn = 16;

    /// <summary>The one matrix of a tensor.</summary>
    public static PanelMatrix Load(CpuTeam team, ulong seed, WeightTensor tensor, CancellationToken cancellation)
    {
        var matrix = new PanelMatrix(tensor.Layout);
        return Load(team, matrix, matrix, new SyntheticMatrix(seed, tensor), cancellation);
    }

    /// <summary>All matrices of a tensor that has one for each expert or head.</summary>
    public static PanelMatrixSet LoadSet(CpuTeam team, ulong seed, WeightTensor tensor, CancellationToken cancellation)
    {
        var set = new PanelMatrixSet(tensor.Layout, tensor.Count);
        for (int i = 0; i < set.Count; i++)
        {
            Load(team, set, set[i], new SyntheticMatrix(seed, tensor, i), cancellation);
        }

        return set;
    }

    private static TOwner Load<TOwner>(
        CpuTeam team,
        TOwner owner,
        PanelMatrix matrix,
        SyntheticMatrix synthetic,
        CancellationToken cancellation
    )
        where TOwner : IDisposable
    {
        WeightLayout layout = matrix.Layout;
        matrix.TensorScale = synthetic.TensorScale;
        long next = 0;
        team.Run(_ =>
        {
            var codes = new byte[layout.CodeBytesPerRow];
            var scales = new byte[layout.ScaleBytesPerRow];
            var zeroPoints = new byte[layout.ZeroPointBytesPerRow];
            while (!cancellation.IsCancellationRequested)
            {
                long first = Interlocked.Add(ref next, PanelsPerTurn) - PanelsPerTurn;
                if (first >= matrix.Panels)
                {
                    return;
                }

                long end = Math.Min(first + PanelsPerTurn, matrix.Panels) * PanelMatrix.PanelRows;
                for (long row = first * PanelMatrix.PanelRows; row < end; row++)
                {
                    if (row < layout.Rows)
                    {
                        synthetic.FillRow(row, codes, scales, zeroPoints);
                    }
                    else
                    {
                        // Rows that only fill the last panel are computed and never stored: any finite content will do.
                        codes.AsSpan().Clear();
                        scales.AsSpan().Clear();
                        zeroPoints.AsSpan().Clear();
                    }

                    PanelPacker.PackRow(matrix, row, codes, scales, zeroPoints);
                }
            }
        });
        if (cancellation.IsCancellationRequested)
        {
            owner.Dispose();
            cancellation.ThrowIfCancellationRequested();
        }

        return owner;
    }
}
