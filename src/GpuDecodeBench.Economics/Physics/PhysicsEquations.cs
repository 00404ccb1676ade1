using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Physics;

/// <summary>
/// What bytes, operations and memory of a step say before anything is measured. Every quantity is that of one device, which holds
/// and reads its part of the model; see <see cref="PhysicsInputs"/> and <see cref="CriticalBatches"/> for the inputs.
/// </summary>
public static class PhysicsEquations
{
    /// <summary>Where the roofline comes from, for every equation that rests on it.</summary>
    internal const string RooflineModel =
        "Williams, Waterman, Patterson: Roofline, Communications of the ACM 52(4), 2009";

    /// <summary>All equations.</summary>
    public static IReadOnlyList<Equation> All => [.. Time, .. Intensity, .. Energy, .. Memory, .. BeyondMemory];

    private static readonly Equation[] Time =
    [
        new("bytes_step", "bytes that a step must read", "GB/GPU", "w_step + kv_step"),
        new("flop_step", "operations of a step", "GFLOP/GPU", "flop_linear + flop_attention"),
        new("t_memory", "time to read them", "ms", "bytes_step / hbm_rate", RooflineModel),
        new("t_compute", "time to compute", "ms", "flop_step / flops_peak", RooflineModel),
        LinkEquations.Time,
        new(
            "t_step",
            "shortest step",
            "ms",
            "t_roofline + t_link",
            "operations run one after the other, so each has a bound of its own and their sum is longer than either bound of the whole"
        ),
        new("rate_bound", "tokens at most", "tok/s", "sequences × 1[tok] / t_step"),
        new(
            "t_kv_transfer",
            "time to move a sequence's cache from prefill to decode",
            "ms",
            "kv_whole / network_rate",
            "the cache once, however many devices hold copies of it; added to the time to the first token, not to a step"
        ),
        new(
            "t_prefill",
            "time to take a context in",
            "ms",
            "input_tokens × flop_per_input / (flops_peak × mfu_prefill × gpus)",
            "at an assumed share of the peak rate; nothing of prefill was executed"
        ),
        new("ttft", "time to the first token, prefill and decode on the same devices", "ms", "t_prefill + t_step"),
        new(
            "ttft_split",
            "time to the first token, prefill and decode on devices of their own",
            "ms",
            "t_prefill + t_kv_transfer + t_step"
        ),
    ];

    private static readonly Equation[] Intensity =
    [
        new("intensity", "arithmetic intensity of the step", "FLOP/B", "flop_step / bytes_step", RooflineModel),
        new(
            "ridge",
            "intensity at which memory and arithmetic take equally long",
            "FLOP/B",
            "flops_peak / hbm_rate",
            RooflineModel
        ),
        new("tensor_use", "arithmetic units in use at most", "%", "min(1, intensity / ridge)"),
        new("intensity_linear", "intensity of the matrix products", "FLOP/B", "flop_linear / w_step"),
        new(
            "intensity_attention",
            "intensity of attention, whatever the batch",
            "FLOP/B",
            "flop_attention / kv_step",
            "each sequence reads a cache of its own, so batching does not raise it"
        ),
        new(
            "batch_critical",
            "batch from which the matrix products are bound by arithmetic",
            "1",
            "batch_of_ridge",
            "their intensity grows with the batch, as each weight serves every sequence; of experts a larger batch reads more, so it is found from plans of larger batches"
        ),
        new("kv_sequence", "cache that a step reads for one sequence", "GB/GPU", "kv_step / sequences"),
        new(
            "batch_kv",
            "batch from which the cache's traffic exceeds the weights'",
            "1",
            "batch_of_cache",
            "found from plans of other batches, which read more experts or fewer"
        ),
    ];

    private static readonly Equation[] Energy =
    [
        new("e_weights", "memory energy of weights", "mJ/tok", "w_step × gpus × hbm_energy / (sequences × 1[tok])"),
        new("e_kv", "memory energy of the cache", "mJ/tok", "kv_step × gpus × hbm_energy / (sequences × 1[tok])"),
        new("e_memory", "memory energy", "mJ/tok", "e_weights + e_kv"),
        new("p_hbm", "memory power at the shortest step", "W/GPU", "bytes_step × hbm_energy / t_step"),
    ];

    private static readonly Equation[] BeyondMemory =
    [
        new("memory_over", "what is beyond memory", "GB/GPU", "max(0[GB/GPU], memory_needed - hbm_usable)"),
        new("kv_over", "cache beyond memory", "GB/GPU", "min(kv_held, memory_over)"),
        new(
            "t_offload",
            "time to read that from flash in every step",
            "ms",
            "if(memory_over > kv_held, 1[ms] / 0, if(kv_over > nand_offload, 1[ms] / 0, kv_over / nvme_rate))",
            "infinite where weights alone are larger than the memory, or the flash for offloaded caches does not hold it"
        ),
        new(
            "t_step_offload",
            "shortest step with the rest of the cache on flash",
            "ms",
            "max(t_step, t_offload)",
            "full attention reads every key and value in every step, so what is offloaded is read again each time; reading overlaps with computing at best"
        ),
        new(
            "t_step_sparse",
            "shortest step with sparse attention",
            "ms",
            "t_step - (1 - sparse_share) × max(kv_step / hbm_rate, flop_attention / flops_peak)",
            "a share of the cache is read; choosing it is not counted, and all of it is still held"
        ),
        new(
            "t_step_sparse_offload",
            "shortest step with sparse attention and the rest of the cache on flash",
            "ms",
            "max(t_step_sparse, t_offload × sparse_share)",
            "what is read is spread evenly over memory and flash"
        ),
    ];

    private static readonly Equation[] Memory =
    [
        new("hbm_usable", "memory for weights and cache", "GB/GPU", "usable × hbm_size"),
        new("memory_needed", "memory that the step takes", "GB/GPU", "w_held + kv_held + other_held"),
        new("memory_for_kv", "memory left for the cache", "GB/GPU", "max(0[GB/GPU], hbm_usable - w_held - other_held)"),
        new(
            "batch_max",
            "largest batch at this context",
            "1",
            "batch_in_memory",
            "by the rule of all commands: weights, cache and buffers, which grow with the batch too, within hbm_usable"
        ),
        new(
            "gpus_min",
            "fewest devices that hold weights and one sequence",
            "1",
            "ceil((w_whole + kv_whole) / hbm_usable / 1[GPU])",
            "each once; what cannot be split evenly, and copies of a cache, are not counted"
        ),
    ];
}
