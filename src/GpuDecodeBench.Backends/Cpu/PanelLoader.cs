using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>Fills a matrix with its synthetic weights on all threads of a team.</summary>
internal static class PanelLoader
{
    private const int PanelsPerTurn = 16;

    public static PanelMatrix Load(CpuTeam team, ulong seed, WeightTensor tensor, CancellationToken cancellation)
    {
        var matrix = new PanelMatrix(tensor.Layout);
        var synthetic = new SyntheticMatrix(seed, tensor);
        matrix.TensorScale = synthetic.TensorScale;
        long next = 0;
        team.Run(_ =>
        {
            var codes = new byte[tensor.Layout.CodeBytesPerRow];
            var scales = new byte[tensor.Layout.ScaleBytesPerRow];
            var zeroPoints = new byte[tensor.Layout.ZeroPointBytesPerRow];
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
                    if (row < tensor.Layout.Rows)
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
            matrix.Dispose();
            cancellation.ThrowIfCancellationRequested();
        }

        return matrix;
    }
}
