using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Physics;

/// <summary>
/// The inputs of <see cref="PhysicsEquations"/>: exact ones from a step's plan, and the device's from the catalogue; without those that
/// need plans of other batches (<see cref="CriticalBatches"/>).
/// </summary>
public static class PhysicsInputs
{
    /// <summary>The symbol of the roofline's time of all operations, without the link between devices.</summary>
    public const string RooflineTime = "t_roofline";

    /// <summary>
    /// The work of an input token, all devices together, on average over a prompt as long as the context
    /// (<see cref="PrefillWork"/>).
    /// </summary>
    /// <param name="plan">A step at the whole context.</param>
    internal static ModelInput InputWork(DecodeStepPlan plan) =>
        new(
            "flop_per_input",
            "work of an input token",
            "GFLOP/tok",
            PrefillWork.FlopsPerToken(plan) * plan.Conditions.TensorParallel / 1e9,
            ProvenanceNote.Derived(
                "from the plan: each token attends to itself and those before it, the LM head is for a sequence's last token alone"
            )
        );

    /// <summary>The roofline's time of all operations, each at the longer of its memory's and its arithmetic's time.</summary>
    private static ModelInput Shortest(DecodeStepPlan plan, DeviceSpecification hardware)
    {
        const string Name = "operations, each bound by memory or by arithmetic";
        return hardware.MemoryBytesPerSecond is double read
            ? new ModelInput(
                RooflineTime,
                Name,
                "ms",
                Roofline.Of(plan, new RooflineCeilings(read, hardware.Bf16FlopsPerSecond)).Seconds * 1e3,
                ProvenanceNote.Predicted($"from the plan; {hardware.Name}: {hardware.Source}")
            )
            : new ModelInput(
                RooflineTime,
                Name,
                "ms",
                null,
                ProvenanceNote.Unavailable(
                    "noSpecification",
                    $"the catalogue gives no memory bandwidth of {hardware.Name}"
                )
            );
    }

    /// <summary>Operations of attention in a step, on each device.</summary>
    internal static long AttentionFlops(DecodeStepPlan plan) =>
        plan.Operations.Where(operation => operation.KvReadBytes > 0).Sum(operation => operation.Flops);

    /// <summary>The inputs of a step on a device.</summary>
    /// <param name="plan">The step, of the whole model.</param>
    /// <param name="hardware">What is known of the device.</param>
    /// <param name="assumptions">The assumptions that hold for the device (<see cref="Scenarios.AssumptionCatalogue"/>).</param>
    public static IReadOnlyList<ModelInput> Of(
        DecodeStepPlan plan,
        DeviceSpecification hardware,
        IReadOnlyList<ModelInput> assumptions
    )
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(hardware);
        ArgumentNullException.ThrowIfNull(assumptions);
        return
        [
            .. OfPlan(plan),
            Shortest(plan, hardware),
            .. LinkEquations.Inputs(plan, hardware),
            InputWork(plan),
            Known("hbm_rate", "memory bandwidth", "TB/s/GPU", hardware.MemoryBytesPerSecond / 1e12),
            Known("hbm_size", "memory", "GB/GPU", hardware.MemoryBytes / 1e9),
            Known("flops_peak", "dense BF16 rate", "TFLOP/s/GPU", hardware.Bf16FlopsPerSecond / 1e12),
            .. assumptions.Where(input =>
                input.Symbol
                    is "hbm_energy"
                        or "nvme_rate"
                        or "network_rate"
                        or "link_latency"
                        or "link_efficiency"
                        or "usable"
                        or "nand_offload"
                        or "mfu_prefill"
                        or "sparse_share"
            ),
        ];

        ModelInput Known(string symbol, string name, string unit, double? value) =>
            new(
                symbol,
                name,
                unit,
                value,
                value is null
                    ? ProvenanceNote.Unavailable("noSpecification", $"the catalogue gives no {name} of {hardware.Name}")
                    : ProvenanceNote.Assumed($"{hardware.Name}: {hardware.Source}")
            );
    }

    /// <summary>What the plan says of a step by itself, whatever the device.</summary>
    private static IEnumerable<ModelInput> OfPlan(DecodeStepPlan plan)
    {
        int devices = plan.Conditions.TensorParallel;
        long attention = AttentionFlops(plan);
        // Devices may hold copies of a cache, and of some weights; on one device everything is held once.
        DecodeStepPlan whole =
            devices == 1
                ? plan
                : DecodeStepPlan.Create(plan.Model, plan.Conditions with { TensorParallel = 1 }, plan.Layers);
        ProvenanceNote planned = ProvenanceNote.Derived("from the plan");
        ProvenanceNote held = plan.ForgetsTokens
            ? ProvenanceNote.Derived("from the plan; layers with a sliding window hold its blocks alone")
            : planned;
        double other = plan.Memory.TotalBytes - plan.Memory.WeightBytes - plan.Memory.KvBytes;
        double sequence = (double)whole.Memory.KvBytes / plan.Conditions.Batch;
        return
        [
            Planned("sequences", "sequences decoded together", "1", plan.Conditions.Batch),
            Planned("gpus", "devices of an instance", "GPU", devices),
            Planned("w_step", "weights that a step reads", "GB/GPU", plan.Totals.WeightReadBytes / 1e9),
            Planned("kv_step", "keys and values that a step reads", "GB/GPU", plan.Totals.KvReadBytes / 1e9),
            Planned("flop_linear", "operations beside attention", "GFLOP/GPU", (plan.Totals.Flops - attention) / 1e9),
            Planned("flop_attention", "operations of attention", "GFLOP/GPU", attention / 1e9),
            Planned("w_held", "weights held", "GB/GPU", plan.Memory.WeightBytes / 1e9),
            new ModelInput("kv_held", "cache held", "GB/GPU", plan.Memory.KvBytes / 1e9, held),
            Planned("other_held", "activations and tables held", "GB/GPU", other / 1e9),
            Planned("w_whole", "weights, once", "GB", whole.Memory.WeightBytes / 1e9),
            Planned("kv_whole", "cache of a sequence, once", "GB", sequence / 1e9),
            Planned("input_tokens", "tokens of context", "tok", plan.Conditions.ContextTokens.Max()),
        ];

        ModelInput Planned(string symbol, string name, string unit, double value) =>
            new(symbol, name, unit, value, planned);
    }
}
