using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Physics;

/// <summary>The time that devices which share each layer spend on the link between them, in every step.</summary>
public static class LinkEquations
{
    /// <summary>The symbol of the time on the link.</summary>
    public const string Symbol = "t_link";

    /// <summary>
    /// The equation. Inputs: <c>link_bytes</c> [MB/GPU], <c>link_rate</c> [GB/s/GPU], <c>link_share</c>,
    /// <c>link_efficiency</c>, <c>link_devices</c>, <c>link_count</c>, <c>link_latency</c> [µs]. All devices may read all parts at once,
    /// n/2 times the bytes of a ring after one latency; or first reduce a part each and then gather, after two.
    /// </summary>
    public static Equation Time { get; } =
        new(
            Symbol,
            "time on the link between devices",
            "ms",
            "if(link_count = 0, 0[ms], min(link_count × link_latency + link_devices / 2 × link_bytes / (link_rate × link_share × link_efficiency), 2 × link_count × link_latency + link_bytes / (link_rate × link_share × link_efficiency)))",
            "an all-reduce behind each of the two row-split products of a layer, in one phase or in two, whichever is faster; not overlapped with computing"
        );

    /// <summary>The inputs that a step's plan and the device give; without the latency.</summary>
    /// <param name="plan">The step.</param>
    /// <param name="specification">The device.</param>
    internal static IReadOnlyList<ModelInput> Inputs(DecodeStepPlan plan, DeviceSpecification specification) =>
        Inputs(plan.Operations, plan.Conditions.TensorParallel, specification);

    private static IReadOnlyList<ModelInput> Inputs(
        IReadOnlyList<PlanOperation> operations,
        int devices,
        DeviceSpecification specification
    ) =>
        [
            new(
                "link_bytes",
                "bytes that a step sends to other devices",
                "MB/GPU",
                operations.Sum(operation => operation.LinkBytes) / 1e6,
                ProvenanceNote.Derived("from the plan")
            ),
            new(
                "link_count",
                "exchanges of a step",
                "1",
                operations.Count(operation => operation.LinkBytes > 0),
                ProvenanceNote.Derived("from the plan")
            ),
            new("link_devices", "devices that exchange", "1", devices, ProvenanceNote.Derived("from the plan")),
            new(
                "link_rate",
                "link between devices, one way",
                "GB/s/GPU",
                specification.LinkBytesPerSecond / 1e9,
                specification.LinkBytesPerSecond is null
                    ? ProvenanceNote.Unavailable("noSpecification", $"the link of {specification.Name} is not known")
                    : ProvenanceNote.Assumed($"{specification.Name}: {specification.Source}")
            ),
            new(
                "link_share",
                "share of the links that joins the devices of a step",
                "1",
                LinkMesh.Share(specification.Name, devices),
                ProvenanceNote.Derived(LinkMesh.Describe(specification.Name, devices))
            ),
        ];

    /// <summary>The latency that is assumed where a scenario says nothing.</summary>
    /// <param name="device">The device's name in the hardware catalogue.</param>
    internal static ModelInput AssumedLatency(string device) => LatencyOf(AssumptionCatalogue.Inputs(device));

    /// <summary>The latency among a scenario's inputs.</summary>
    internal static ModelInput LatencyOf(IReadOnlyList<ModelInput> inputs) =>
        inputs.Single(input => input.Symbol == "link_latency");

    /// <summary>The share of the link's rate that is assumed to be reached.</summary>
    /// <param name="device">The device's name in the hardware catalogue.</param>
    internal static ModelInput AssumedEfficiency(string device) =>
        AssumptionCatalogue.Inputs(device).Single(input => input.Symbol == "link_efficiency");

    /// <summary>Seconds of a step on the link: 0 on one device, null where the link is not known.</summary>
    /// <param name="plan">The step.</param>
    /// <param name="specification">The device.</param>
    /// <param name="latency">The latency of an exchange.</param>
    public static double? Seconds(DecodeStepPlan plan, DeviceSpecification specification, ModelInput latency)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(latency);
        return Seconds(plan.Operations, plan.Conditions.TensorParallel, specification, latency);
    }

    /// <summary>The same of some operations of a step.</summary>
    internal static double? Seconds(
        IReadOnlyList<PlanOperation> operations,
        int devices,
        DeviceSpecification specification,
        ModelInput latency
    )
    {
        if (devices == 1)
        {
            return 0;
        }

        double seconds = EquationSystem
            .Create(
                [.. Inputs(operations, devices, specification), latency, AssumedEfficiency(specification.Name)],
                [Time]
            )
            .Evaluate()
            .InBaseUnits(Symbol);
        return double.IsNaN(seconds) ? null : seconds;
    }
}
