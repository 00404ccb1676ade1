using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>
/// Which device for a model and a limit: for every device, format and number of devices the batch at which a token is cheapest within
/// the time of a step and the memory, ranked; and why the others are out of the question.
/// </summary>
public sealed class DeviceChooser
{
    private sealed record Formats(WeightFormat Weights, WeightFormat LmHead, KvFormat Kv)
    {
        public override string ToString() => $"{Weights.Name()} weights, {Kv.Name()} KV";
    }

    private readonly ChoiceRequest _request;
    private readonly Dictionary<(Formats Formats, int Devices, int Batch), DecodeStepPlan> _plans = [];
    private readonly List<CostStack> _priced = [];

    private DeviceChooser(ChoiceRequest request) => _request = request;

    /// <summary>Chooses among predictions.</summary>
    /// <param name="request">What is to be served.</param>
    /// <exception cref="InputException">The model cannot be run under the conditions at all.</exception>
    public static ChoiceResult Choose(ChoiceRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new DeviceChooser(request).Choose();
    }

    private ChoiceResult Choose()
    {
        Formats[] formats =
        [
            .. from weights in _request.Weights
            from kv in _request.Kv
            select new Formats(weights, _request.LmHead ?? StepFormats.DefaultLmHead(weights), kv),
        ];
        // A context or a model that cannot be at all is an error, and no property of a device.
        _ = Plan(formats[0], 1, 1);
        List<Choice> ranked = [];
        List<ExcludedChoice> excluded = [];
        foreach (HardwareEntry hardware in _request.Hardware)
        {
            Scenario scenario = _request.ScenarioOf(hardware);
            foreach (Formats one in formats)
            {
                (Choice? choice, ExcludedChoice? why) = Best(hardware, scenario, one);
                if (choice is not null)
                {
                    ranked.Add(choice);
                }
                else
                {
                    excluded.Add(why!);
                }
            }
        }

        return new ChoiceResult(
            [.. ranked.OrderBy(choice => choice.Rank).ThenBy(choice => choice.UsdPerMillionTokens.Value)],
            Merged(excluded)
        )
        {
            Candidates = _priced,
        };
    }

    /// <summary>The cheapest number of devices, or why none will do.</summary>
    private (Choice? Choice, ExcludedChoice? Excluded) Best(HardwareEntry hardware, Scenario scenario, Formats formats)
    {
        DeviceSpecification specification = hardware.ToSpecification();
        if (specification.MemoryBytesPerSecond is null)
        {
            return (null, Out(ExcludedChoice.NoBandwidth, "its memory bandwidth is not known"));
        }

        if (specification.Bf16FlopsPerSecond is null)
        {
            return (
                null,
                Out(
                    ExcludedChoice.NoArithmeticRate,
                    "rate unknown: how fast it computes (dense BF16) is not known, and memory alone does not say how long a step takes"
                )
            );
        }

        if (specification.MemoryBytes is null)
        {
            return (null, Out(ExcludedChoice.NoMemory, "the size of its memory is not known"));
        }

        List<Choice> choices = [];
        ExcludedChoice? last = null;
        foreach (int devices in _request.TensorParallel.Order())
        {
            (Choice? choice, ExcludedChoice? excluded) = At(hardware, scenario, formats, devices);
            if (choice is not null)
            {
                choices.Add(choice);
            }

            // What holds for most devices says most; a model that cannot be split so says nothing of the device.
            if (excluded is not null && (last is null || excluded.Code != ExcludedChoice.CannotSplit))
            {
                last = excluded;
            }

            if (excluded?.Code is ExcludedChoice.NoPrice or ExcludedChoice.NoInputRate)
            {
                break;
            }
        }

        return choices.Count > 0 ? (choices.MinBy(choice => choice.Rank), null) : (null, last);

        ExcludedChoice Out(string code, string reason) => new(hardware.Name, formats.ToString(), code, reason);
    }

    private (Choice? Choice, ExcludedChoice? Excluded) At(
        HardwareEntry hardware,
        Scenario scenario,
        Formats formats,
        int devices
    )
    {
        RooflinePrediction one;
        try
        {
            one = RooflinePrediction.Of(Plan(formats, devices, 1), hardware);
        }
        catch (InputException exception)
        {
            return Out(ExcludedChoice.CannotSplit, exception.Message);
        }

        CostStack stack = PredictedCase.Price(
            one,
            scenario,
            _request.Demand is TrafficDemand traffic
                ? (FleetBill.Inputs(scenario, traffic, PrefillPlace.InTurn), FleetEquations.All)
                : null
        );
        if (WhyUnpriced(stack) is (string code, string reason))
        {
            return Out(code, reason);
        }

        // Of one sequence: another batch has the same equations.
        _priced.Add(stack);
        Choice[] found =
        [
            .. FleetBill
                .Places(_request.Demand, _request.LongestStepMilliseconds)
                .Select(prefill => Cheapest(one, scenario, formats, stack, prefill))
                .OfType<Choice>(),
        ];
        return found.Length > 0
            ? (found.MinBy(choice => choice.Rank), null)
            : Why(
                hardware,
                formats,
                devices,
                stack.System.Evaluate(
                    new Dictionary<string, double> { [PredictedCase.Efficiency] = EfficiencyOf(scenario) }
                )
            );

        (Choice?, ExcludedChoice?) Out(string code, string reason) =>
            (null, new ExcludedChoice(hardware.Name, formats.ToString(), code, reason));
    }

    /// <summary>The batch at which a token, or the day's traffic, is cheapest; null where none keeps to the limits.</summary>
    /// <param name="one">One sequence.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="formats">The formats.</param>
    /// <param name="stack">The cost of <paramref name="one"/>, with the fleet's equations where there is traffic.</param>
    /// <param name="prefill">Where input tokens are taken in.</param>
    private Choice? Cheapest(
        RooflinePrediction one,
        Scenario scenario,
        Formats formats,
        CostStack stack,
        PrefillPlace prefill
    )
    {
        bool hasTraffic = _request.Demand is not null;
        string time = hasTraffic ? FleetEquations.TimeBetween : PredictedCase.StepTime;
        int devices = one.Plan.Conditions.TensorParallel;
        if (BatchSearch.Find(_request.LargestBatch, IsWithinLimits, Cost) is not (int best, bool isCapped))
        {
            return null;
        }

        var prediction = RooflinePrediction.Of(Plan(formats, devices, best), one.Hardware);
        return new Choice(
            PredictedCase.Price(prediction, scenario),
            _request.Demand is TrafficDemand demand
                ? FleetBill.Of(
                    scenario,
                    demand,
                    (billed, more) => PredictedCase.Price(prediction, billed, more),
                    prefill
                )
                : null,
            isCapped
        )
        {
            Prediction = prediction,
        };

        bool IsWithinLimits(int batch)
        {
            Evaluation values = At(batch, EfficiencyOf(scenario));
            return values[PredictedCase.MemoryUse] <= 1
                && (_request.LongestStepMilliseconds is not double limit || values[time] <= limit);
        }

        // Whole instances let many batches cost the same. The smallest of them would be just enough, so that in most draws one more
        // instance is needed than the bill says; a batch must also be as cheap as any where devices are slower than is likely.
        double Cost(int batch) =>
            hasTraffic
                ? SlowToLikely(scenario).Sum(share => At(batch, share)[FleetEquations.DaySymbol(CostLayers.Total)])
                : At(batch, null)[CostLayers.Total.TokenSymbol];

        Evaluation At(int batch, double? efficiency) => stack.System.Evaluate(Changed(batch, efficiency));

        Dictionary<string, double> Changed(int batch, double? efficiency)
        {
            Dictionary<string, double> values = PredictedCase.ValuesOf(Plan(formats, devices, batch), one.Ceilings);
            if (efficiency is double share)
            {
                values[PredictedCase.Efficiency] = share;
            }

            if (hasTraffic)
            {
                values[FleetEquations.Apart] = FleetBill.ApartValue(prefill);
            }

            return values;
        }
    }

    /// <summary>Why the time of a step, its cost or the bill is not known; null where they are.</summary>
    private (string Code, string Reason)? WhyUnpriced(CostStack stack)
    {
        if (stack.Evaluation.Figure("t_link") is { Value: null } link)
        {
            return (ExcludedChoice.NoLink, $"for several devices: {link.Provenance.Detail}");
        }

        if (stack.Total.UsdPerMillionTokens is not { Value: null } cost)
        {
            return FleetBill.WhyNot(stack, _request.Demand) is string why ? (ExcludedChoice.NoInputRate, why) : null;
        }

        bool lacksRent = stack.Scenario.Ownership == Ownership.Rented && stack.Evaluation.Figure("rent").Value is null;
        return (
            ExcludedChoice.NoPrice,
            lacksRent
                ? "no price of it is known; give one with --price-per-hour NAME=USD"
                : cost.Provenance.Detail ?? "the cost is not known"
        );
    }

    /// <summary>The share of the roofline at which the limit must hold: the likely one, or the lowest that is credible.</summary>
    private double EfficiencyOf(Scenario scenario)
    {
        ModelInput efficiency = Efficiency(scenario);
        return (_request.LimitHoldsWhenSlow ? efficiency.Low : null) ?? efficiency.Value!.Value;
    }

    private static ModelInput Efficiency(Scenario scenario) =>
        scenario.Inputs.Single(input => input.Symbol == PredictedCase.Efficiency);

    /// <summary>Shares of the roofline from the lowest credible one to the likely one, evenly; that one alone where it is certain.</summary>
    private static IEnumerable<double> SlowToLikely(Scenario scenario)
    {
        const int Steps = 4;
        ModelInput efficiency = Efficiency(scenario);
        double likely = efficiency.Value!.Value;
        return efficiency is { IsUncertain: true, Low: double low }
            ? Enumerable.Range(0, Steps + 1).Select(i => low + ((likely - low) * i / Steps))
            : [likely];
    }

    private static (Choice?, ExcludedChoice?) Why(
        HardwareEntry hardware,
        Formats formats,
        int devices,
        Evaluation single
    )
    {
        string on = devices == 1 ? "one device" : $"{devices} devices";
        bool fits = single[PredictedCase.MemoryUse] <= 1;
        return (
            null,
            new ExcludedChoice(
                hardware.Name,
                formats.ToString(),
                fits ? ExcludedChoice.TooSlow : ExcludedChoice.DoesNotFit,
                fits
                    ? $"one sequence takes {single.Format(PredictedCase.StepTime, 3)} a token on {on}"
                    : $"one sequence needs {single.Format("memory_needed", 3)} on {on}, and {single.Format("hbm_usable", 3)} are free"
            )
        );
    }

    private DecodeStepPlan Plan(Formats formats, int devices, int batch)
    {
        (Formats, int, int) key = (formats, devices, batch);
        if (!_plans.TryGetValue(key, out DecodeStepPlan? plan))
        {
            plan = DecodeStepPlan.Create(
                _request.Model,
                StepConditions.Uniform(
                    new StepFormats
                    {
                        Weights = formats.Weights,
                        LmHead = formats.LmHead,
                        Kv = formats.Kv,
                        Activations = ActivationFormat.Bf16,
                    },
                    batch,
                    _request.ContextTokens,
                    devices
                )
            );
            _plans.Add(key, plan);
        }

        return plan;
    }

    /// <summary>A device that is out for the same reason in every format is one line.</summary>
    private static IReadOnlyList<ExcludedChoice> Merged(List<ExcludedChoice> excluded) =>
        [
            .. excluded
                .GroupBy(one => (one.Device, one.Code, one.Reason))
                .Select(group =>
                    group.First() with
                    {
                        Formats = string.Join("; ", group.Select(one => one.Formats).Distinct()),
                    }
                ),
        ];
}
