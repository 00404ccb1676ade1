using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Measurement.Sampling;
using GpuDecodeBench.Measurement.Statistics;
using GpuDecodeBench.Measurement.Telemetry.Validity;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>Makes a point's record from what was measured.</summary>
internal sealed class PointRecordBuilder(
    PointMeasurement point,
    DeviceDescription device,
    DeviceSpecification? specification,
    double? flopsPerSecond,
    RunTelemetry telemetry
)
{
    private const double CeilingSpread = 0.10;
    private const double OperationsSpread = 0.05;

    /// <summary>
    /// Below this share of the shortest time that the ceilings allow, no cache explains an operation's time: the clock saw next to
    /// nothing of it.
    /// </summary>
    private const double SmallestShareOfRoofline = 0.05;

    /// <summary>How far above the ceiling noise alone can carry a step.</summary>
    private const double CeilingTolerance = 1.05;

    private readonly DecodeStepPlan _plan = point.Plan;
    private readonly double? _ceiling =
        point.Turns.Count == 0 ? null : OrderStatistics.MedianOf(point.Turns.Select(turn => turn.Ceiling));
    private readonly ProcessorTimeRecord? _processors = point.Processors.ToRecord();
    private readonly double? _shareOfCeiling = TurnBandwidth.ShareOfCeiling(point.Turns);

    private RooflineCeilings? Ceilings => _ceiling is double read ? new RooflineCeilings(read, flopsPerSecond) : null;

    public PointRecord Build()
    {
        StepStatistics statistics = point.State.ToStepStatistics();
        double[] operationSeconds = point.OperationMedians();
        FullDepthEstimate full = FullDepthEstimate.Of(point.Session.Plan, statistics, operationSeconds);
        double achieved = _plan.Totals.CompulsoryReadBytes / statistics.Median;
        RooflineTime? roofline = Ceilings is { } limits ? Roofline.Of(_plan, limits) : null;
        double? operationsOverStep = point.HasOperationTimes ? operationSeconds.Sum() / statistics.Median : null;
        OperationRecord[] operations = point.HasOperationTimes ? [.. Operations(operationSeconds, Ceilings)] : [];
        PointTelemetryResult sensed = PointTelemetryBuilder.Build(point, telemetry, statistics.Median, full);
        List<string> invalid = [.. InvalidReasons(statistics), .. sensed.Verdict.InvalidReasons];
        return new PointRecord
        {
            Weights = point.Conditions.Weights.Name(),
            LmHead = point.Conditions.LmHead.Name(),
            Kv = point.Conditions.Kv.Name(),
            KvBlockTokens = point.Conditions.KvBlockTokens,
            Activations = _plan.Conditions.Formats.Activations.Name(),
            Batch = point.Conditions.Batch,
            Context = point.Conditions.ContextTokens,
            TensorParallel = _plan.Conditions.TensorParallel,
            LayersMeasured = _plan.Layers,
            LayersTotal = _plan.Model.Layers.Length,
            StepSeconds = statistics,
            SamplesSeconds = [.. point.State.SamplesSeconds],
            RecordedTokensPerSecond = point.Conditions.Batch / full.MeanSeconds,
            RecordedTokensPerSecondPerUser = 1 / full.MeanSeconds,
            FullStepSeconds = full.Seconds,
            FullStepCi95Low = full.Ci95LowSeconds,
            FullStepCi95High = full.Ci95HighSeconds,
            ReadBytes = _plan.Totals.ReadBytes,
            WriteBytes = _plan.Totals.WriteBytes,
            WeightReadBytes = _plan.Totals.WeightReadBytes,
            KvReadBytes = _plan.Totals.KvReadBytes,
            Flops = _plan.Totals.Flops,
            AchievedBytesPerSecond = achieved,
            ReadCeilingBytesPerSecond = _ceiling,
            MbuOfSpec = achieved / specification?.MemoryBytesPerSecond,
            MbuOfCeiling = _shareOfCeiling,
            RooflineSeconds = roofline?.Seconds,
            Bound = roofline?.Bound,
            Power = sensed.Power,
            EnergyJoulesPerToken = sensed.JoulesPerToken,
            ThrottleReasons = sensed.Verdict.ThrottleReasons,
            Telemetry = sensed.Record,
            ProcessorTime = _processors,
            Operations = operations,
            OperationsSecondsOverStep = operationsOverStep,
            Memory = new MemoryRecord
            {
                PlannedBytes = _plan.BenchmarkMemory.TotalBytes,
                AllocatedBytes = point.AllocatedBytes,
            },
            Verification = Verification(),
            Interleaved = point.Interleaved,
            HarnessOverheadFraction = point.HarnessOverheadFraction,
            Valid = invalid.Count == 0,
            InvalidReasons = invalid,
            RecordedWarnings = [.. Warnings(statistics, operations, operationsOverStep), .. sensed.Verdict.Warnings],
            Provenance = Provenances(full, sensed),
        };
    }

    private VerificationRecord Verification()
    {
        OperationCheck worst = point.Check.Worst;
        return new VerificationRecord
        {
            Passed = point.Check.Passed,
            CheckedOperations = _plan.Operations.Length,
            Worst = worst.Name,
            WorstRelativeError = double.IsFinite(worst.WorstRelativeError) ? worst.WorstRelativeError : null,
            Bound = worst.Bound,
        };
    }

    private List<string> InvalidReasons(StepStatistics statistics)
    {
        var reasons = new List<string>();
        if (!device.IsForMeasuring)
        {
            reasons.Add(PointCodes.DeviceOnlyProves);
        }

        if (statistics.StopReason == StopReason.Interrupted.Name())
        {
            reasons.Add(PointCodes.Interrupted);
        }

        if (statistics.Ci95Low is null)
        {
            reasons.Add(PointCodes.TooFewSamples);
        }

        reasons.AddRange(HeldUp(isInvalid: true));
        return reasons;
    }

    private IEnumerable<string> HeldUp(bool isInvalid) =>
        ProcessorTime.Codes(_processors).Where(one => one.IsInvalid == isInvalid).Select(one => one.Code);

    private string? WhetherCold() =>
        device.LastLevelCacheBytes is not long cache ? PointCodes.CacheUnknown
        : _plan.Totals.CompulsoryReadBytes < RunPlanner.ColdWorkingSetInCaches * cache ? PointCodes.MayBeWarm
        : null;

    private IEnumerable<string> Warnings(
        StepStatistics statistics,
        OperationRecord[] operations,
        double? operationsOverStep
    )
    {
        if (WhetherCold() is string cold)
        {
            yield return cold;
        }

        if (_plan.Model.Layers.Skip(_plan.Layers).Except(_plan.Model.Layers.Take(_plan.Layers)).Any())
        {
            yield return PointCodes.LayersNotRepresentative;
        }

        if (statistics.StopReason == StopReason.TimeLimit.Name())
        {
            yield return PointCodes.NotConverged;
        }

        if (statistics.MeanOverMedian() > MeanStep.LargestOverMedian)
        {
            yield return PointCodes.MeanAboveMedian;
        }

        if (_ceiling is double ceiling)
        {
            double spread = point.Turns.Max(turn => turn.Ceiling) - point.Turns.Min(turn => turn.Ceiling);
            if (spread > CeilingSpread * ceiling || point.Turns.Any(turn => !turn.IsSteady))
            {
                yield return PointCodes.CeilingMoved;
            }
        }

        if (point.Session.TimesMayIncludeHost)
        {
            yield return PointCodes.HostTimeIncluded;
        }

        if (_shareOfCeiling > CeilingTolerance)
        {
            yield return PointCodes.FasterThanCeiling;
        }

        if (operations.Any(operation => operation.Provenance is not null))
        {
            yield return PointCodes.OperationTimesUncertain;
        }

        if (operationsOverStep is double ratio && Math.Abs(ratio - 1) > OperationsSpread)
        {
            yield return PointCodes.OperationsDoNotAddUp;
        }

        foreach (
            string code in SampleChecks
                .Run(point.State.SamplesSeconds)
                .Select(each => each.Code)
                .Concat(HeldUp(isInvalid: false))
        )
        {
            yield return code;
        }
    }

    private IEnumerable<OperationRecord> Operations(double[] seconds, RooflineCeilings? ceilings)
    {
        foreach (IGrouping<string, PlanOperation> group in _plan.Operations.GroupBy(operation => operation.Name))
        {
            StepTotals totals = StepTotals.Of(group);
            double? roofline = ceilings is null
                ? null
                : group.Sum(operation => Roofline.Of(operation, ceilings).Seconds);
            var time = OperationTime.Of([.. group], operation => Seen(operation, seconds[operation.Index], ceilings));
            yield return new OperationRecord
            {
                Name = group.Key,
                Kind = OperationKindName(group.First().Kind),
                Count = group.Count(),
                Seconds = time.Seconds,
                Provenance = time.Provenance,
                ReadBytes = totals.ReadBytes,
                WriteBytes = totals.WriteBytes,
                WeightReadBytes = totals.WeightReadBytes,
                KvReadBytes = totals.KvReadBytes,
                Flops = totals.Flops,
                RooflineSeconds = roofline,
                Bound = ceilings is null ? null : Roofline.Of(totals.CompulsoryReadBytes, totals.Flops, ceilings).Bound,
            };
        }
    }

    /// <summary>An execution's time where the clock saw it; null where it saw none pass, or less than any cache explains.</summary>
    private double? Seen(PlanOperation operation, double seconds, RooflineCeilings? ceilings) =>
        point.IsOperationTimeKnown(operation.Index)
        && (ceilings is null || seconds >= SmallestShareOfRoofline * Roofline.Of(operation, ceilings).Seconds)
            ? seconds
            : null;

    private static string OperationKindName(OperationKind kind)
    {
        string name = kind.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private Dictionary<string, ProvenanceNote> Provenances(FullDepthEstimate full, PointTelemetryResult sensed)
    {
        string rest =
            $"{_plan.Layers} of {_plan.Model.Layers.Length} layers measured; the rest by the times of layers of their shape";
        ProvenanceNote depth = full.IsExtrapolated ? ProvenanceNote.Extrapolated(rest) : ProvenanceNote.Measured();
        const string Rate = "batch over the mean step";
        ProvenanceNote throughput = full.IsExtrapolated
            ? ProvenanceNote.Extrapolated($"{Rate}; {rest}")
            : ProvenanceNote.Derived(Rate);
        var plan = ProvenanceNote.Derived("from the plan");
        ProvenanceNote weights = _plan.Operations.Any(operation => operation.DistinctMatrices is not null)
            ? ProvenanceNote.Derived("from the plan, with the experts that the run was seen to read")
            : plan;
        var notes = new Dictionary<string, ProvenanceNote>
        {
            ["stepSeconds"] = ProvenanceNote.Measured(),
            ["samplesSeconds"] = ProvenanceNote.Measured(),
            ["operations"] = point.HasOperationTimes
                ? ProvenanceNote.Measured("medians of steps in which each operation was timed")
                : Untimed(),
            ["operationsSecondsOverStep"] = point.HasOperationTimes
                ? ProvenanceNote.Derived("the sum of the operations' times over the step's median")
                : Untimed(),
            ["fullStepSeconds"] = depth,
            ["tokensPerSecond"] = throughput,
            ["tokensPerSecondPerUser"] = throughput,
            ["readBytes"] = weights,
            ["weightReadBytes"] = weights,
            ["kvReadBytes"] = plan,
            ["writeBytes"] = plan,
            ["flops"] = plan,
            ["memory"] = ProvenanceNote.Measured(
                "allocated bytes as the device counts them; planned bytes from the plan"
            ),
            ["throttleReasons"] = sensed.ThrottleProvenance,
            ["achievedBytesPerSecond"] = ProvenanceNote.Derived("weights and KV bytes of the plan over the median"),
            ["mbuOfSpec"] = specification?.MemoryBytesPerSecond is null
                ? ProvenanceNote.Unavailable("noSpecification", "the catalogue has no datasheet for this device")
                : ProvenanceNote.Derived(specification.Source),
        };
        foreach (string end in (string[])["fullStepCi95Low", "fullStepCi95High"])
        {
            notes[end] = full.Ci95LowSeconds is null
                ? ProvenanceNote.Unavailable(PointCodes.TooFewSamples, "no interval of the median holds 95 %")
                : depth;
        }

        notes["harnessOverheadFraction"] = point.HarnessOverheadFraction is null
            ? ProvenanceNote.Unavailable(TelemetryCodes.NotMeasured, "no sample was taken in the sampling loop")
            : ProvenanceNote.Derived("the sampling loop's own time over the samples'");
        AddYardsticks(notes);
        return notes;
    }

    private static ProvenanceNote Untimed() =>
        ProvenanceNote.Unavailable(
            TelemetryCodes.NotMeasured,
            "the run ended before a step whose operations were timed"
        );

    private void AddYardsticks(Dictionary<string, ProvenanceNote> notes)
    {
        if (_ceiling is null)
        {
            ProvenanceNote none = ProvenanceNote.Unavailable("noCeiling", "this device has no read ceiling");
            notes["readCeilingBytesPerSecond"] = none;
            notes["mbuOfCeiling"] = none;
            notes["rooflineSeconds"] = none;
            notes["bound"] = none;
        }
        else
        {
            notes["readCeilingBytesPerSecond"] = ProvenanceNote.Measured("passes between this point's samples");
            notes["mbuOfCeiling"] = ProvenanceNote.Derived(
                "median over the turns of each turn's share of its own ceiling"
            );
            notes["rooflineSeconds"] = notes["bound"] = ProvenanceNote.Predicted(
                flopsPerSecond is null
                    ? "bytes over the measured read ceiling; arithmetic is not counted"
                    : "bytes and FLOPs over the measured ceilings"
            );
        }
    }
}
