using GpuDecodeBench.Economics.Claims;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>
/// Where a device's power goes while it decodes, by its parts, beside what was measured or is assumed of the whole; and what FP8 and FP4
/// do to it. The energies are those of GPUs with HBM.
/// </summary>
public sealed class PowerSplit
{
    private readonly IStepSource _source;
    private readonly Scenario _scenario;
    private readonly ModelInput _latency;
    private readonly StepTime _before;

    private PowerSplit(IStepSource source, Scenario scenario)
    {
        _source = source;
        _scenario = scenario;
        _latency = LinkEquations.LatencyOf(scenario.Inputs);
        _before = source.TimeOf(source.Base, 1, _latency);
        StepFormats formats = source.Base.Formats;
        Variants =
        [
            Variant("planned", "as planned", formats, "flop_energy_16"),
            Variant("fp8", "FP8", formats with { Weights = WeightFormat.Fp8, Kv = KvFormat.Fp8 }, "flop_energy_8"),
            Variant("fp4", "FP4", formats with { Weights = WeightFormat.NvFp4, Kv = KvFormat.Fp8 }, "flop_energy_4"),
        ];
        Seen = Planned.Evaluation.Figure("p_busy");
        Conditions =
            $"{source.Base.Model.Name}, {formats.Weights.Name()} weights, {formats.Kv.Name()} KV, batch {source.Base.Batch}, context {source.Base.ContextTokens}, {source.HardwareOf(source.Base)}";
    }

    /// <summary>The conditions, in one line; the device is busy all the time.</summary>
    public string Conditions { get; }

    /// <summary>The power of the whole device, in watts: measured, else assumed; unavailable where neither is known.</summary>
    public Figure Seen { get; }

    /// <summary>The parts as planned (arithmetic of 16 bits), with FP8 weights, cache and arithmetic, and with FP4 weights and arithmetic on an FP8 cache.</summary>
    public IReadOnlyList<PowerVariant> Variants { get; }

    /// <summary>The parts as planned.</summary>
    public PowerVariant Planned => Variants[0];

    /// <summary>Splits a step's power; null where the device is none of the catalogue, and so no GPU whose energies are known.</summary>
    /// <param name="source">The step.</param>
    /// <param name="scenario">The scenario, whose energies hold.</param>
    /// <exception cref="InputException">The step cannot be planned.</exception>
    public static PowerSplit? Of(IStepSource source, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(scenario);
        return source.SpecificationOf(source.Base)?.TdpWatts is null ? null : new PowerSplit(source, scenario);
    }

    /// <summary>What is published of a part, in watts of 700, added up where it is told in finer parts; null where it is not told.</summary>
    /// <param name="part">The part.</param>
    public static double? PublishedWatts(PowerPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return part.Claims.Count == 0
            ? null
            : part.Claims.Sum(id => ClaimCatalogue.All.Claims.Single(claim => claim.Id == id).Low);
    }

    private PowerVariant Variant(string id, string name, StepFormats formats, string energy)
    {
        StepTarget target = _source.Base with { Formats = formats };
        DecodeStepPlan plan = _source.PlanOf(target);
        DeviceSpecification specification = _source.SpecificationOf(target)!;
        ModelInput arithmetic = Scenario(energy);
        ProvenanceNote planned = ProvenanceNote.Derived("from the plan");
        ModelInput[] inputs =
        [
            new("sequences", "sequences decoded together", "1", plan.Conditions.Batch, planned),
            new("gpus", "devices of an instance", "GPU", plan.Conditions.TensorParallel, planned),
            new("w_step", "weights that a step reads", "GB/GPU", plan.Totals.WeightReadBytes / 1e9, planned),
            new("kv_step", "keys and values that a step reads", "GB/GPU", plan.Totals.KvReadBytes / 1e9, planned),
            new("flop_step", "operations of a step", "GFLOP/GPU", plan.Totals.Flops / 1e9, planned),
            new(
                "link_bytes",
                "bytes that a step sends to other devices",
                "MB/GPU",
                plan.Totals.LinkBytes / 1e6,
                planned
            ),
            Time("t_busy", "step", _source.TimeOf(target, 1, _latency)),
            Time("t_before", "step before", _before),
            new(
                "p_tdp",
                "design power",
                "W/GPU",
                specification.TdpWatts,
                ProvenanceNote.Assumed($"{specification.Name}: {specification.Source}")
            ),
            CostCaseFactory.BusyPower(_source.PowerOf(target), specification, _scenario),
            new("flop_energy", arithmetic.Name, arithmetic.Unit.Text, arithmetic.Value, arithmetic.Provenance),
            .. _scenario.Inputs.Where(input =>
                input.Symbol
                    is "hbm_energy"
                        or "sram_energy"
                        or "noc_energy"
                        or "link_energy"
                        or "static_fraction"
                        or "vrm_loss"
            ),
        ];
        return new PowerVariant(id, name, EquationSystem.Create(inputs, PowerEquations.All).Evaluate());
    }

    private ModelInput Scenario(string symbol) => _scenario.Inputs.Single(input => input.Symbol == symbol);

    private static ModelInput Time(string symbol, string name, StepTime time) =>
        new(symbol, name, "ms", time.Seconds * 1e3, time.Provenance);
}
