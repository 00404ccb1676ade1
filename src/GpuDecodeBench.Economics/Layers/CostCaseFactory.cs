using GpuDecodeBench.Economics.Calibration;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Layers;

/// <summary>Makes cases of what was measured or predicted.</summary>
public static class CostCaseFactory
{
    /// <summary>A measured point.</summary>
    /// <param name="record">The run.</param>
    /// <param name="point">One of its points.</param>
    /// <param name="scenario">The scenario, whose utilisation holds.</param>
    /// <exception cref="InputException">The point has no tokens per second.</exception>
    public static CostCase Of(RunRecord record, PointRecord point, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(point);
        ArgumentNullException.ThrowIfNull(scenario);
        if (!double.IsNormal(point.TokensPerSecond) || point.TokensPerSecond <= 0)
        {
            throw new InputException("The point has no tokens per second above zero, so nothing can be priced.");
        }

        StepRate rate = StepRate.Of(point.TokensPerSecond, RecordCost.TokensPerSecondProvenanceOf(point));
        return OfPoint(record, point, rate, point.Power, scenario);
    }

    /// <summary>A measured point that is carried over to several devices.</summary>
    /// <param name="projection">What was carried over.</param>
    /// <param name="scenario">The scenario, whose utilisation and latency hold.</param>
    public static CostCase Of(TensorProjection projection, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(projection);
        ArgumentNullException.ThrowIfNull(scenario);
        PointRecord point = projection.ToPoint(LinkEquations.LatencyOf(scenario.Inputs));
        return OfPoint(projection.Record, point, StepRate.Of(projection), point.Power, scenario);
    }

    /// <summary>A prediction for hardware that was not measured.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <param name="scenario">The scenario, whose utilisation holds.</param>
    /// <exception cref="InputException">The model does not fit the devices.</exception>
    public static CostCase Of(RooflinePrediction prediction, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(scenario);
        prediction = prediction.Within(scenario);
        if (prediction.Fits == false)
        {
            throw new InputException(
                $"Batch {prediction.Plan.Conditions.Batch} at context {prediction.Plan.Conditions.ContextTokens.Max()} {prediction.WhyTooLarge}."
            );
        }

        return OfUnchecked(prediction, scenario);
    }

    /// <summary>A prediction, whether or not the model fits the devices: for those who look for the batch that does.</summary>
    internal static CostCase OfUnchecked(RooflinePrediction prediction, Scenario scenario)
    {
        ModelInput utilization = scenario.Utilization;
        return Of(
            PredictionCost.ConditionsOf(prediction, utilization.BaseValue),
            StepRate.Of(prediction),
            DevicePower.NotMeasured,
            prediction.Hardware.ToSpecification(),
            PhysicsInputs.InputWork(prediction.Plan),
            scenario
        );
    }

    /// <summary>A calibrated prediction for hardware that was measured; the rate's range is its error estimate.</summary>
    /// <param name="prediction">The prediction, of the whole model.</param>
    /// <param name="scenario">The scenario, whose utilisation holds.</param>
    /// <exception cref="InputException">The model does not fit the device.</exception>
    public static CostCase Of(CalibratedPrediction prediction, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(scenario);
        if (prediction.Fits == false)
        {
            throw new InputException(
                $"Batch {prediction.Plan.Conditions.Batch} at context {prediction.Plan.Conditions.ContextTokens.Max()} needs {prediction.NeededBytes / 1e9:0.0} GB, and {prediction.Hardware.Device} has {prediction.DeviceMemoryBytes / 1e9:0.0} GB, of which {prediction.UsableMemoryBytes / 1e9:0.0} GB are usable: give a smaller batch, context or format."
            );
        }

        double rate = prediction.TokensPerSecond;
        return Of(
            CalibratedCost.ConditionsOf(prediction, scenario.Utilization.BaseValue),
            new StepRate(
                [
                    new ModelInput("rate", "output tokens while busy", "tok/s", rate, prediction.Provenance)
                    {
                        Low = rate / (1 + prediction.RateErrorFraction),
                        High = rate * (1 + prediction.RateErrorFraction),
                    },
                ],
                []
            ),
            DevicePower.NotMeasured,
            prediction.FirstRecord.Device.Specification,
            PhysicsInputs.InputWork(prediction.Plan),
            scenario
        );
    }

    /// <summary>A case of parts.</summary>
    /// <param name="conditions">The conditions, at the scenario's utilisation.</param>
    /// <param name="rate">The rate.</param>
    /// <param name="power">The power of the device; without a value where the scenario's share of the design power holds.</param>
    /// <param name="specification">What is known of the device; null for nothing.</param>
    /// <param name="inputWork">The work of an input token.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="devices">Where the number of devices comes from; null for the plan.</param>
    internal static CostCase Of(
        CostConditions conditions,
        StepRate rate,
        DevicePower power,
        DeviceSpecification? specification,
        ModelInput inputWork,
        Scenario scenario,
        ProvenanceNote? devices = null
    ) =>
        new(
            conditions,
            [
                Devices(conditions.Hardware.Count, devices),
                .. rate.Inputs,
                scenario.Utilization,
                BusyPower(power.Busy, specification, scenario),
                IdlePower(power.Idle, specification, scenario),
                PeakRate(specification),
                inputWork,
            ],
            []
        )
        {
            Equations = rate.Equations,
        };

    /// <summary>The power of a busy device: as measured, else the scenario's share of its design power.</summary>
    internal static ModelInput BusyPower(Figure? power, DeviceSpecification? specification, Scenario scenario) =>
        power?.Value is double watts
            ? new ModelInput("p_busy", "device power while busy", "W/GPU", watts, power.Provenance)
            : DesignPower(
                "p_busy",
                "device power while busy",
                "busy_fraction",
                "busy power is missing: it was not measured, and no design power of the device is known, of which it would be assumed as a share; --scenario rented needs none",
                specification,
                scenario
            );

    /// <summary>The power of a device without work: as measured, else the scenario's share of its design power.</summary>
    private static ModelInput IdlePower(Figure? power, DeviceSpecification? specification, Scenario scenario) =>
        power?.Value is double watts
            ? new ModelInput("p_idle", "device power while idle", "W/GPU", watts, power.Provenance)
            : DesignPower(
                "p_idle",
                "device power while idle",
                "idle_fraction",
                "idle power is missing: it was not measured, and no design power of the device is known, of which it would be assumed as a share; --scenario rented needs none",
                specification,
                scenario
            );

    private static CostCase OfPoint(
        RunRecord record,
        PointRecord point,
        StepRate rate,
        Figure power,
        Scenario scenario
    ) =>
        Of(
            RecordCost.ConditionsOf(record, point, scenario.Utilization.BaseValue),
            rate,
            new DevicePower(power, record.Telemetry?.IdleWatts),
            record.Device.Specification,
            InputWork(record.Model.Name, point),
            scenario,
            rate.Equations.Count == 0 ? ProvenanceNote.Measured() : null
        ) with
        {
            InvalidReasons = PointQuality.ReasonsAgainst(point),
        };

    private static ModelInput Devices(int count, ProvenanceNote? provenance) =>
        new("gpus", "devices of an instance", "GPU", count, provenance ?? ProvenanceNote.Derived("from the plan"));

    /// <summary>A share of the design power, in watts; where that is not known, unavailable with what is missing.</summary>
    private static ModelInput DesignPower(
        string symbol,
        string name,
        string fraction,
        string missing,
        DeviceSpecification? specification,
        Scenario scenario
    )
    {
        ModelInput share = scenario.Inputs.Single(input => input.Symbol == fraction);
        if (specification?.TdpWatts is not double design || share.Value is not double likely)
        {
            return new ModelInput(symbol, name, "W/GPU", null, ProvenanceNote.Unavailable("noPower", missing));
        }

        return new ModelInput(
            symbol,
            name,
            "W/GPU",
            design * likely,
            ProvenanceNote.Assumed(
                $"{likely:0.####} of the design power of {design:0} W ({share.Provenance.Source}); not measured"
            )
        )
        {
            Low = design * (share.Low ?? likely),
            High = design * (share.High ?? likely),
        };
    }

    private static ModelInput PeakRate(DeviceSpecification? specification) =>
        new(
            "flops_peak",
            "dense BF16 rate",
            "TFLOP/s/GPU",
            specification?.Bf16FlopsPerSecond / 1e12,
            specification?.Bf16FlopsPerSecond is null
                ? ProvenanceNote.Unavailable("noSpecification", "no BF16 rate of the device is known")
                : ProvenanceNote.Assumed($"{specification.Name}: {specification.Source}")
        );

    /// <summary>The work of an input token, where the record's model is one of the catalogue and divides over its devices.</summary>
    private static ModelInput InputWork(string model, PointRecord point)
    {
        ModelShape? shape = ModelCatalogue.All.FirstOrDefault(candidate => candidate.Name == model);
        if (shape is null || !FormatNames.TryParseWeightFormat(point.Weights, out WeightFormat weights))
        {
            return Unknown("unknownModel", $"{model} is not in the catalogue, so its work is not known");
        }

        var formats = new StepFormats
        {
            Weights = weights,
            LmHead = weights,
            Kv = KvFormat.Bf16,
            Activations = ActivationFormat.Bf16,
        };
        try
        {
            StepConditions conditions = StepConditions.Uniform(
                formats,
                1,
                Math.Max(1, point.Context),
                point.TensorParallel
            );
            return PhysicsInputs.InputWork(DecodeStepPlan.Create(shape, conditions));
        }
        catch (InputException problem)
        {
            return Unknown("conditionsDoNotFit", problem.Message);
        }

        static ModelInput Unknown(string code, string detail) =>
            new(
                "flop_per_input",
                "work of an input token",
                "GFLOP/tok",
                null,
                ProvenanceNote.Unavailable(code, detail)
            );
    }
}
