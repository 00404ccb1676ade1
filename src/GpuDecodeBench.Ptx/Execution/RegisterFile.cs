namespace GpuDecodeBench.Ptx.Execution;

/// <summary>Writes constants and special registers into a warp's registers before a CTA starts.</summary>
internal static unsafe class RegisterFile
{
    /// <summary>
    /// Writes what a CTA needs. Constants and what does not depend on the CTA stay from one CTA to the next: the
    /// operations never write their slots.
    /// </summary>
    public static void Prepare(Launch launch, Warp warp, GridShape cta, int worker, bool first)
    {
        var program = launch.Program;
        if (first)
        {
            new Span<byte>(warp.Registers, warp.RegisterBytes).Clear();
            foreach (var (offset, width, bits) in program.Constants)
            {
                LaneOperations.Broadcast(warp, uint.MaxValue, offset, width, bits);
            }
            foreach (var (offset, width, symbol) in program.Symbols)
            {
                LaneOperations.Broadcast(warp, uint.MaxValue, offset, width, launch.Variables[symbol]);
            }
        }
        foreach (var (offset, width, name) in program.Specials)
        {
            if (
                name.StartsWith("%ctaid", StringComparison.Ordinal)
                || name.StartsWith("%clusterid", StringComparison.Ordinal)
            )
            {
                LaneOperations.Broadcast(
                    warp,
                    uint.MaxValue,
                    offset,
                    width,
                    Special(launch, name, warp.Index, 0, cta, worker)
                );
            }
            else if (first)
            {
                for (var lane = 0; lane < 32; lane++)
                {
                    var value = Special(launch, name, warp.Index, lane, cta, worker);
                    LaneOperations.Set(warp.Registers + offset, width, lane, value);
                }
            }
        }
    }

    private static ulong Special(Launch launch, string name, int warp, int lane, GridShape cta, int worker)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0)
        {
            var shape = name.AsSpan(1, dot - 1) switch
            {
                "tid" => launch.Block.IndexAt((warp * 32) + lane),
                "ntid" => launch.Block,
                "ctaid" or "clusterid" => cta,
                "nctaid" or "nclusterid" => launch.Grid,
                "cluster_ctaid" => new(0, 0, 0),
                _ => new(1),
            };
            return (ulong)(
                name[^1] switch
                {
                    'x' => shape.X,
                    'y' => shape.Y,
                    _ => shape.Z,
                }
            );
        }
        return name switch
        {
            "%laneid" => (ulong)lane,
            "%warpid" => (ulong)warp,
            "%nwarpid" => (ulong)((launch.Threads + 31) / 32),
            "%smid" => (ulong)(worker % launch.Options.MultiprocessorCount),
            "%nsmid" => (ulong)launch.Options.MultiprocessorCount,
            "%cluster_nctarank" => 1,
            "%lanemask_eq" => 1u << lane,
            "%lanemask_lt" => (1u << lane) - 1,
            "%lanemask_le" => (2u << lane) - 1,
            "%lanemask_gt" => ~((2u << lane) - 1),
            "%lanemask_ge" => ~((1u << lane) - 1),
            "%dynamic_smem_size" => (ulong)launch.DynamicSharedBytes,
            "%total_smem_size" => (ulong)launch.SharedBytes,
            // gridid, cluster_ctarank, is_explicit_cluster: no clusters, one grid at a time.
            _ => 0,
        };
    }
}
