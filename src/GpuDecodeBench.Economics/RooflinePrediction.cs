using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics;

/// <summary>
/// The shortest step that a device's datasheet allows: what hardware that was not measured could do at best. Nothing was
/// executed; real kernels are slower. Arithmetic is held against the dense BF16 rate whatever the weights' format, because
/// activations are 16 or 32 bits wide here. Devices that share each layer wait for the link between them, which adds to the step
/// where the link is known; where it is not, the provenance says so.
/// </summary>
public sealed class RooflinePrediction
{
    private readonly double _usable;

    private RooflinePrediction(DecodeStepPlan plan, HardwareEntry hardware, RooflineCeilings ceilings, double usable)
    {
        _usable = usable;
        Plan = plan;
        Hardware = hardware;
        Ceilings = ceilings;
        Step = Roofline.Of(plan, ceilings);
        DeviceSpecification specification = hardware.ToSpecification();
        DeviceMemoryBytes = specification.MemoryBytes;
        ModelInput latency = LinkEquations.AssumedLatency(hardware.Name);
        LinkSeconds = LinkEquations.Seconds(plan, specification, latency);
        IGrouping<string, PlanOperation>[] groups = [.. plan.Operations.GroupBy(operation => operation.Name)];
        double?[] links = [.. groups.Select(group => ExchangeSeconds(group, specification, latency))];
        // Exchanges of one step go the same way, in one phase or in two, by what all of them take; a few bytes alone might go the other.
        double scale = LinkSeconds is > 0 and double seconds ? seconds / links.Sum()!.Value : 1;
        Operations = [.. groups.Select((group, i) => PredictGroup(group, links[i] * scale))];
        Provenance = ProvenanceNote.Predicted(DescribeSources());
    }

    /// <summary>The step.</summary>
    public DecodeStepPlan Plan { get; }

    /// <summary>The device.</summary>
    public HardwareEntry Hardware { get; }

    /// <summary>What the datasheet says it does at most.</summary>
    public RooflineCeilings Ceilings { get; }

    /// <summary>The time of the step's operations on each device, without the link.</summary>
    public RooflineTime Step { get; }

    /// <summary>
    /// The time of the step on the link between devices, in seconds, with the latency that is assumed where no scenario gives one: 0 on
    /// one device, null where the link is not known.
    /// </summary>
    public double? LinkSeconds { get; }

    /// <summary>The shortest step, in seconds: the operations, and the link where it is known.</summary>
    public double StepSeconds => Step.Seconds + (LinkSeconds ?? 0);

    /// <summary>The operations by name, in the order of their first execution.</summary>
    public IReadOnlyList<PredictedOperation> Operations { get; }

    /// <summary>Tokens per second at most, all sequences together.</summary>
    public double TokensPerSecond => Plan.Conditions.Batch / StepSeconds;

    /// <summary>Tokens per second at most, for one sequence.</summary>
    public double TokensPerSecondPerUser => 1 / StepSeconds;

    /// <summary>Bytes that each device must hold.</summary>
    public long NeededBytes => Plan.Memory.TotalBytes;

    /// <summary>The memory of one device, in bytes; null where it is not known.</summary>
    public long? DeviceMemoryBytes { get; }

    /// <summary>What a step may take of that (<see cref="UsableMemory"/>), in bytes; null where it is not known.</summary>
    public long? UsableMemoryBytes => DeviceMemoryBytes is long memory ? UsableMemory.Bytes(memory, _usable) : null;

    /// <summary>Whether each device can hold its part; null where its memory is not known.</summary>
    public bool? Fits => UsableMemoryBytes is long memory ? NeededBytes <= memory : null;

    /// <summary>How fast the device computes is not known, so that the step's time is that of memory alone.</summary>
    public bool LeavesArithmeticOut => Ceilings.FlopsPerSecond is null;

    /// <summary>
    /// The fewest devices that could hold everything if it were split evenly, at least those of the plan; null where the memory
    /// is not known. What cannot be split is not counted.
    /// </summary>
    public int? DevicesNeeded =>
        UsableMemoryBytes is long memory
            ? (int)Math.Max(TensorParallel, Math.Ceiling((double)NeededBytes * TensorParallel / memory))
            : null;

    /// <summary>
    /// The least number of devices that the model divides over and that could each hold their part, at least those of the plan; null where
    /// there is none, or the memory is not known.
    /// </summary>
    public int? DegreeNeeded
    {
        get
        {
            int heads = Plan.Model.Layers.Min(layer => layer.Attention.Heads);
            for (int degree = DevicesNeeded ?? int.MaxValue; degree <= heads; degree++)
            {
                if (heads % degree == 0 && BytesOn(degree) <= UsableMemoryBytes)
                {
                    return degree;
                }
            }

            return null;
        }
    }

    /// <summary>Where the step does not fit: how much it needs, how much there is and what to do, to follow its subject.</summary>
    internal string WhyTooLarge =>
        $"needs {NeededBytes / 1e9:0.0} GB on each device, and {Hardware.Name} has {DeviceMemoryBytes / 1e9:0.0} GB, of which {UsableMemoryBytes / 1e9:0.0} GB are usable: {(DegreeNeeded is int degree ? $"give --tensor-parallel {degree}, or" : "no number of devices that the model divides over would do; give")} a smaller batch, context or format";

    /// <summary>Predicted, with the sources of the datasheet's figures.</summary>
    public ProvenanceNote Provenance { get; }

    /// <summary>What to know where the devices are more than one fast link joins; null where they are not.</summary>
    private string? LinkWarning => LinkDomain.Warning(new HardwareUnits(Hardware.Name, TensorParallel));

    private int TensorParallel => Plan.Conditions.TensorParallel;

    /// <summary>What each of some devices must hold, in bytes; null where the model does not divide over so many.</summary>
    private long? BytesOn(int degree)
    {
        try
        {
            return DecodeStepPlan
                .Create(Plan.Model, Plan.Conditions with { TensorParallel = degree })
                .Memory.TotalBytes;
        }
        catch (InputException)
        {
            return null;
        }
    }

    /// <summary>Predicts a step.</summary>
    /// <param name="plan">The step, of the whole model.</param>
    /// <param name="hardware">The device.</param>
    /// <exception cref="InputException">No memory bandwidth of the device is known.</exception>
    /// <exception cref="ArgumentException">The plan leaves layers out.</exception>
    public static RooflinePrediction Of(DecodeStepPlan plan, HardwareEntry hardware)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(hardware);
        if (!plan.IsFullDepth)
        {
            throw new ArgumentException(
                "A prediction is of the whole model; the plan leaves layers out.",
                nameof(plan)
            );
        }

        DeviceSpecification specification = hardware.ToSpecification();
        double bandwidth =
            specification.MemoryBytesPerSecond
            ?? throw new InputException(
                $"No memory bandwidth of {hardware.Name} is known, so nothing can be predicted."
            );
        var ceilings = new RooflineCeilings(bandwidth, specification.Bf16FlopsPerSecond);
        return new RooflinePrediction(plan, hardware, ceilings, UsableMemory.Assumed(hardware.Name));
    }

    /// <summary>The same where a scenario says what share of the memory is usable.</summary>
    /// <param name="scenario">The scenario; null for what is assumed.</param>
    public RooflinePrediction Within(Scenario? scenario) =>
        scenario is null || UsableMemory.ShareOf(scenario.Inputs) == _usable
            ? this
            : new RooflinePrediction(Plan, Hardware, Ceilings, UsableMemory.ShareOf(scenario.Inputs));

    /// <summary>What operations wait for the link: 0 where they exchange nothing, null where the link is not known.</summary>
    private double? ExchangeSeconds(
        IGrouping<string, PlanOperation> group,
        DeviceSpecification specification,
        ModelInput latency
    ) => IsExchange(group) ? LinkEquations.Seconds([.. group], TensorParallel, specification, latency) : 0;

    private bool IsExchange(IGrouping<string, PlanOperation> group) =>
        TensorParallel > 1 && group.Any(operation => operation.LinkBytes > 0);

    private PredictedOperation PredictGroup(IGrouping<string, PlanOperation> group, double? link)
    {
        double? seconds = group.Sum(operation => Roofline.Of(operation, Ceilings).Seconds) + link;
        long bytes = group.Sum(operation => operation.CompulsoryReadBytes);
        long flops = group.Sum(operation => operation.Flops);
        bool cached = OperationComparison.IsCached(
            bytes,
            group.Sum(operation => (double)operation.ReadBytes + operation.WriteBytes)
        );
        string bound =
            IsExchange(group) ? OperationComparison.LinkBound
            : cached ? OperationComparison.CacheBound
            : Roofline.Of(bytes, flops, Ceilings).Bound;
        string kind = group.First().Kind.ToString();
        string name = char.ToLowerInvariant(kind[0]) + kind[1..];
        return new PredictedOperation(
            group.Key,
            name,
            group.Count(),
            seconds,
            bound,
            seconds / StepSeconds,
            bytes,
            flops
        );
    }

    private string DescribeSources()
    {
        string memory = DescribeSource("memory bandwidth", Hardware.MemoryBytesPerSecond[0]);
        string rates =
            Hardware.Bf16FlopsPerSecond.Count == 0
                ? $"{memory}; no BF16 rate is known, so arithmetic is left out and only memory bounds it"
                : $"{memory}; {DescribeSource("BF16 rate", Hardware.Bf16FlopsPerSecond[0])}";
        return LinkSeconds switch
        {
            null => $"{rates}; the link between devices is not known and not counted",
            0 => rates,
            _ =>
                $"{rates}; {DescribeSource("link between devices", Hardware.LinkBytesPerSecond[0])}, its latency assumed{(LinkWarning is string warning ? $"; {warning}" : "")}",
        };
    }

    private static string DescribeSource(string what, SourcedValue value)
    {
        string title =
            HardwareCatalogue.Sources.FirstOrDefault(source => source.Key == value.Source)?.Title ?? value.Source;
        return $"{what} by {title}";
    }
}
