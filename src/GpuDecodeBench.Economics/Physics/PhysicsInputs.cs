using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Physics;

/// <summary>The inputs of <see cref="PhysicsEquations"/>: exact ones from a step's plan, and the device's from the catalogue.</summary>
public static class PhysicsInputs
{
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
        int devices = plan.Conditions.TensorParallel;
        long attention = plan
            .Operations.Where(operation => operation.KvReadBytes > 0)
            .Sum(operation => operation.Flops);
        ProvenanceNote planned = ProvenanceNote.Derived("from the plan");
        return
        [
            Planned("sequences", "sequences decoded together", "1", plan.Conditions.Batch),
            Planned("gpus", "devices of an instance", "GPU", devices),
            Planned("w_step", "weights that a step reads", "GB/GPU", plan.Totals.WeightReadBytes / 1e9),
            Planned("kv_step", "keys and values that a step reads", "GB/GPU", plan.Totals.KvReadBytes / 1e9),
            Planned("flop_linear", "operations beside attention", "GFLOP/GPU", (plan.Totals.Flops - attention) / 1e9),
            Planned("flop_attention", "operations of attention", "GFLOP/GPU", attention / 1e9),
            Planned("w_held", "weights held", "GB/GPU", plan.Memory.WeightBytes / 1e9),
            Planned("kv_held", "cache held", "GB/GPU", plan.Memory.KvBytes / 1e9),
            Planned(
                "other_held",
                "activations and tables held",
                "GB/GPU",
                (plan.Memory.TotalBytes - plan.Memory.WeightBytes - plan.Memory.KvBytes) / 1e9
            ),
            Planned("link_bytes", "bytes that a step sends to other devices", "MB/GPU", plan.Totals.LinkBytes / 1e6),
            Planned(
                "link_count",
                "exchanges of a step",
                "1",
                plan.Operations.Count(operation => operation.LinkBytes > 0)
            ),
            Known("hbm_rate", "memory bandwidth", "TB/s/GPU", hardware.MemoryBytesPerSecond / 1e12),
            Known("hbm_size", "memory", "GB/GPU", hardware.MemoryBytes / 1e9),
            Known("flops_peak", "dense BF16 rate", "TFLOP/s/GPU", hardware.Bf16FlopsPerSecond / 1e12),
            Known("link_rate", "link between devices, one way", "GB/s/GPU", hardware.LinkBytesPerSecond / 1e9),
            .. assumptions.Where(input =>
                input.Symbol is "hbm_energy" or "nvme_rate" or "network_rate" or "link_latency" or "usable"
            ),
        ];

        ModelInput Planned(string symbol, string name, string unit, double value) =>
            new(symbol, name, unit, value, planned);

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
}
