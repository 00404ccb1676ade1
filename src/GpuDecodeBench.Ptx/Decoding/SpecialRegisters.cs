namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>Special registers whose value stays while a CTA runs.</summary>
internal static class SpecialRegisters
{
    private static readonly HashSet<string> Known =
    [
        .. from name in new[]
        {
            "tid",
            "ntid",
            "ctaid",
            "nctaid",
            "clusterid",
            "nclusterid",
            "cluster_ctaid",
            "cluster_nctaid",
        }
        from axis in new[] { "x", "y", "z" }
        select $"%{name}.{axis}",
        "%laneid",
        "%warpid",
        "%nwarpid",
        "%smid",
        "%nsmid",
        "%gridid",
        "%cluster_ctarank",
        "%cluster_nctarank",
        "%is_explicit_cluster",
        "%lanemask_eq",
        "%lanemask_lt",
        "%lanemask_le",
        "%lanemask_gt",
        "%lanemask_ge",
        "%dynamic_smem_size",
        "%total_smem_size",
    ];

    public static bool IsKnown(string name) => Known.Contains(name);
}
