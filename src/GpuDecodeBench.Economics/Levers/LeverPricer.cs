using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>Prices a step with levers pulled: the plan, the scenario and the rate are changed, and the cost is computed anew.</summary>
internal sealed class LeverPricer(IStepSource source, Scenario scenario, LeverSettings settings)
{
    private const int MostDevices = 64;

    private static readonly IReadOnlyDictionary<string, double> Unchanged = new Dictionary<string, double>();

    private bool CountsInput => source.SpecificationOf(source.Base)?.Bf16FlopsPerSecond is not null;

    /// <summary>The cost with some levers pulled together.</summary>
    /// <param name="levers">The levers, at most one of a kind.</param>
    /// <param name="changes">Other values of the scenario's inputs, in their own units; null for none.</param>
    public LeverOutcome Price(IEnumerable<Lever> levers, IReadOnlyDictionary<string, double>? changes = null)
    {
        Lever[] ordered = [.. levers.OrderBy(lever => lever.Kind)];
        try
        {
            return Priced(ordered, changes ?? Unchanged, source.Base, isSmall: false);
        }
        catch (InputException problem)
        {
            // A lever that cannot be pulled is an answer.
            return new LeverOutcome
            {
                Levers = ordered,
                Changes = new Dictionary<LeverKind, string>(),
                UsdPerMillion = Figure.Unavailable("cannotBePulled", problem.Message),
            };
        }
    }

    private LeverOutcome Priced(
        Lever[] levers,
        IReadOnlyDictionary<string, double> changes,
        StepTarget start,
        bool isSmall
    )
    {
        var words = new SortedDictionary<LeverKind, string>();
        (StepTarget target, Scenario setting) = Place(levers, changes, start, isSmall, words);
        Draft? draft = Has(levers, LeverKind.Speculation) ? new Draft(source, setting, settings.DraftModel) : null;
        if (draft is not null)
        {
            words[LeverKind.Speculation] = draft.Words;
        }

        ModelInput latency = LinkEquations.LatencyOf(setting.Inputs);
        if (Has(levers, LeverKind.Batch))
        {
            target = Widest(target, draft, setting, latency, isSmall, words);
        }

        CheckMemory(target, draft, setting);
        if (Has(levers, LeverKind.PrefixCache) && !CountsInput)
        {
            throw new InputException("input tokens cannot be priced on this device, so nothing is seen to be saved");
        }

        setting = Serve(levers, setting, words);
        StepRate rate = RateOf(source, target, draft, latency);
        CostCase priced = CostCaseFactory.Of(
            ConditionsOf(target, setting),
            rate,
            new DevicePower(source.PowerOf(target), source.IdlePowerOf(target)),
            source.SpecificationOf(target),
            PhysicsInputs.InputWork(source.PlanOf(target)),
            setting
        );
        return Outcome(levers, changes, start, words, target, priced, setting);
    }

    private LeverOutcome Outcome(
        Lever[] levers,
        IReadOnlyDictionary<string, double> changes,
        StepTarget start,
        SortedDictionary<LeverKind, string> words,
        StepTarget target,
        CostCase priced,
        Scenario setting
    )
    {
        bool routes = Has(levers, LeverKind.Routing);
        ModelInput[] small = routes && settings.SmallModel is not null ? [Small(levers, changes, start)] : [];
        if (routes)
        {
            words[LeverKind.Routing] =
                $"{Percent(setting, "route_share")} to {settings.SmallModel?.Name ?? "a small model"} first, {Percent(setting, "route_escalate")} of that escalated";
        }

        CostStack stack = CostStack.Create(
            priced,
            setting,
            (small, LeverEquations.Ranking(CountsInput, routes, small.Length > 0))
        );
        double seconds = target.Batch / stack.Evaluation.InBaseUnits("rate");
        return new LeverOutcome
        {
            Levers = levers,
            Changes = words,
            Conditions = stack.Conditions,
            UsdPerMillion = stack.Evaluation.Figure(LeverEquations.Mix),
            OutputUsdPerMillion = stack.Total.UsdPerMillionTokens.Value,
            InputUsdPerMillion = stack.Total.UsdPerMillionInputTokens.Value,
            SecondsPerToken = double.IsFinite(seconds) ? seconds : null,
            Evaluation = stack.Evaluation,
        };
    }

    /// <summary>The device, its scenario and the formats; where the device changes, as many of them as hold the step.</summary>
    private (StepTarget Target, Scenario Setting) Place(
        Lever[] levers,
        IReadOnlyDictionary<string, double> changes,
        StepTarget target,
        bool isSmall,
        SortedDictionary<LeverKind, string> words
    )
    {
        Scenario setting = scenario;
        HardwareEntry? hardware = Find(levers, LeverKind.Hardware)?.Hardware;
        if (hardware is not null)
        {
            setting = DeviceScenario.Of(scenario, source.SpecificationOf(source.Base)?.Name, hardware.Name);
            target = target with { Hardware = hardware };
        }

        setting = setting with { Inputs = [.. setting.Inputs.Select(input => Changed(input, changes))] };
        if (Find(levers, LeverKind.Weights)?.Weights is WeightFormat weights)
        {
            words[LeverKind.Weights] = $"weights {target.Formats.Weights.Name()} → {weights.Name()}";
            target = target with { Formats = target.Formats with { Weights = weights } };
        }

        if (Find(levers, LeverKind.Kv)?.Kv is KvFormat kv)
        {
            words[LeverKind.Kv] = $"cache {target.Formats.Kv.Name()} → {kv.Name()}";
            target = target with { Formats = target.Formats with { Kv = kv } };
        }

        if (hardware is not null || isSmall)
        {
            target = OnEnoughDevices(target, setting);
        }

        if (hardware is not null)
        {
            words[LeverKind.Hardware] = $"{source.HardwareOf(source.Base)} → {source.HardwareOf(target)}";
        }

        return (target, setting);
    }

    /// <summary>The step on as many devices as it has, or on twice, four times … as many where its memory needs them.</summary>
    private StepTarget OnEnoughDevices(StepTarget target, Scenario setting)
    {
        if (source.MemoryBytesOf(target) is not long memory)
        {
            return target;
        }

        for (int devices = target.TensorParallel; devices <= MostDevices; devices *= 2)
        {
            StepTarget split = target with { TensorParallel = devices };
            if (source.PlanOf(split).Memory.TotalBytes <= Usable(memory, setting))
            {
                return split;
            }
        }

        throw new InputException($"the step does not fit on {MostDevices} devices");
    }

    private StepTarget Widest(
        StepTarget target,
        Draft? draft,
        Scenario setting,
        ModelInput latency,
        bool isSmall,
        SortedDictionary<LeverKind, string> words
    )
    {
        if (source is PredictedSteps && source.SpecificationOf(target)?.Bf16FlopsPerSecond is null)
        {
            throw new InputException(
                "rate unknown: how fast the device computes is not known, so neither is the step of a larger batch"
            );
        }

        double capacity = Usable(
            source.MemoryBytesOf(target)
                ?? throw new InputException("the device's memory is not known, so no largest batch is"),
            setting
        );
        // A limit is held at the speed that software reaches, as a choice of devices holds it; costs stay at the roofline's.
        double share = Value(setting, PredictedCase.Efficiency);
        IStepSource reached = source.AtShare(share);
        Draft? held = draft is null ? null : new Draft(reached, setting, settings.DraftModel);
        double? limit = settings.MaxSecondsPerToken;
        int batch = LargestBatch.Find(
            Held,
            capacity,
            Seconds,
            limit,
            MostSequences(target, draft, isSmall),
            draft is null ? source.MeasuredBatches(target) : []
        );
        if (batch <= target.Batch && !isSmall)
        {
            string why = limit is null ? "memory" : "memory and the limit on a step";
            throw new InputException($"{why} allow {batch} sequences, and {target.Batch} run together already");
        }

        string at = reached is PredictedSteps ? $" at {share:0.##} of the roofline's speed" : "";
        words[LeverKind.Batch] = limit is null
            ? $"batch {target.Batch} → {batch}"
            : $"batch {target.Batch} → {batch}, {Seconds(batch) * 1e3:0.0} ms a token{at}";
        return target with { Batch = batch };

        long Held(int sequences) => MemoryBytes(target with { Batch = sequences }, draft);

        double Seconds(int sequences)
        {
            StepTarget wide = target with { Batch = sequences };
            return SecondsPerToken(wide, RateOf(reached, wide, held, latency), setting);
        }
    }

    /// <summary>The largest batch whose step is planned and known, whatever the memory.</summary>
    /// <exception cref="InputException">It is none that is larger.</exception>
    private int MostSequences(StepTarget target, Draft? draft, bool isSmall)
    {
        int tokens = draft?.TokensChecked ?? 1;
        if (source.LargestKnownBatch(target) is not int known)
        {
            return StepConditions.LargestBatch / tokens;
        }

        int most = known / tokens;
        return most > target.Batch || (isSmall && most > 0)
            ? most
            : throw new InputException(
                "no larger batch was measured with these formats, and the run has no arithmetic ceiling from which one could be extrapolated"
            );
    }

    private static double SecondsPerToken(StepTarget target, StepRate rate, Scenario setting)
    {
        ModelInput[] more =
        [
            .. setting.Inputs.Where(input =>
                input.Symbol is "spec_accept" or "spec_length" or "draft_share" or "link_latency"
            ),
        ];
        Evaluation values = EquationSystem.Create([.. rate.Inputs, .. more], rate.Equations).Evaluate();
        return target.Batch / values.InBaseUnits("rate");
    }

    private static StepRate RateOf(IStepSource steps, StepTarget target, Draft? draft, ModelInput latency)
    {
        if (draft is not null)
        {
            return new StepRate(draft.Inputs(target, latency), LeverEquations.Speculation);
        }

        StepTime time = steps.TimeOf(target, 1, latency);
        return time.Seconds is double seconds
            ? StepRate.Of(target.Batch / seconds, time.Provenance)
            : throw new InputException(time.Provenance.Detail ?? "the time of the step is not known");
    }

    private void CheckMemory(StepTarget target, Draft? draft, Scenario setting)
    {
        if (draft is null && source.WasMeasured(target))
        {
            return;
        }

        long needed = MemoryBytes(target, draft);
        if (source.MemoryBytesOf(target) is long memory && needed > Usable(memory, setting))
        {
            throw new InputException(
                $"it needs {needed / 1e9:0.0} GB on each device, which has {memory / 1e9:0.0} GB, of which {Usable(memory, setting) / 1e9:0.0} GB are usable"
            );
        }
    }

    private static long Usable(long memory, Scenario setting) =>
        UsableMemory.Bytes(memory, UsableMemory.ShareOf(setting.Inputs));

    private long MemoryBytes(StepTarget target, Draft? draft) =>
        source.PlanOf(target).Memory.TotalBytes + (draft?.MemoryBytes(target) ?? 0);

    /// <summary>What changes of serving: the hit rate of prefixes, and the utilisation.</summary>
    private static Scenario Serve(Lever[] levers, Scenario setting, SortedDictionary<LeverKind, string> words)
    {
        if (Has(levers, LeverKind.PrefixCache))
        {
            setting = Raised(setting, "cache_hit", "cache_hit_target", "input found in a cache", out string change);
            words[LeverKind.PrefixCache] = change;
        }

        if (Has(levers, LeverKind.Utilization))
        {
            setting = Raised(setting, "util", "util_target", "utilisation", out string change);
            words[LeverKind.Utilization] = change;
        }

        return setting;
    }

    private static Scenario Raised(Scenario setting, string symbol, string to, string name, out string change)
    {
        ModelInput before = Input(setting, symbol);
        ModelInput target = Input(setting, to);
        if (target.BaseValue <= before.BaseValue)
        {
            throw new InputException(
                $"{name} is {before.BaseValue * 100:0.#} % already, and {to} is {target.BaseValue * 100:0.#} %"
            );
        }

        change = $"{name} {before.BaseValue * 100:0.#} → {target.BaseValue * 100:0.#} %";
        var after = new ModelInput(symbol, before.Name, before.Unit.Text, target.Value, target.Provenance)
        {
            Low = target.Low,
            High = target.High,
        };
        return setting with { Inputs = [.. setting.Inputs.Select(input => input.Symbol == symbol ? after : input)] };
    }

    /// <summary>The small model's cost under the same levers, but for drafts: on as few devices as hold it.</summary>
    private ModelInput Small(Lever[] levers, IReadOnlyDictionary<string, double> changes, StepTarget start)
    {
        string name = settings.SmallModel!.Name;
        Lever[] own = [.. levers.Where(lever => lever.Kind is not (LeverKind.Routing or LeverKind.Speculation))];
        LeverOutcome cost = Priced(
            own,
            changes,
            start with
            {
                Model = settings.SmallModel,
                TensorParallel = 1,
            },
            isSmall: true
        );
        return cost.UsdPerMillion.Value is null
            ? throw new InputException($"the cost of {name} is not known: {cost.Problem}")
            : LeverEquations.Small(name, cost.UsdPerMillion);
    }

    private CostConditions ConditionsOf(StepTarget target, Scenario setting) =>
        new()
        {
            Model = target.Model.Name,
            Weights = target.Formats.Weights.Name(),
            LmHead = target.Formats.LmHead.Name(),
            Kv = target.Formats.Kv.Name(),
            ContextTokens = target.ContextTokens,
            Batch = target.Batch,
            Utilization = Value(setting, "util"),
            Hardware = source.HardwareOf(target),
        };

    private static ModelInput Changed(ModelInput input, IReadOnlyDictionary<string, double> changes) =>
        changes.TryGetValue(input.Symbol, out double value) ? input with { Value = value } : input;

    private static bool Has(Lever[] levers, LeverKind kind) => Find(levers, kind) is not null;

    private static Lever? Find(Lever[] levers, LeverKind kind) => Array.Find(levers, lever => lever.Kind == kind);

    private static ModelInput Input(Scenario setting, string symbol) =>
        setting.Inputs.Single(input => input.Symbol == symbol);

    private static double Value(Scenario setting, string symbol) => Input(setting, symbol).BaseValue;

    private static string Percent(Scenario setting, string symbol) => $"{Value(setting, symbol) * 100:0.#} %";
}
