using GpuDecodeBench.Economics.Calibration;
using GpuDecodeBench.Economics.Equations;
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

        ModelInput utilization = Utilization(scenario);
        CostConditions conditions = RecordCost.ConditionsOf(record, point, utilization.BaseValue);
        ProvenanceNote rate = RecordCost.TokensPerSecondProvenanceOf(point);
        DeviceSpecification? specification = record.Device.Specification;
        return new CostCase(
            conditions,
            [
                Devices(point.TensorParallel, ProvenanceNote.Measured()),
                new ModelInput("rate", "output tokens while busy", "tok/s", point.TokensPerSecond, rate),
                utilization,
                point.Power.Value is double watts
                    ? new ModelInput("p_busy", "device power while busy", "W/GPU", watts, point.Power.Provenance)
                    : DesignPower("p_busy", "device power while busy", "busy_fraction", specification, scenario),
                DesignPower("p_idle", "device power while idle", "idle_fraction", specification, scenario),
                PeakRate(specification),
                InputWork(record.Model.Name, point),
            ],
            point.InvalidReasons
        );
    }

    /// <summary>A prediction for hardware that was not measured.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <param name="scenario">The scenario, whose utilisation holds.</param>
    /// <exception cref="InputException">The model does not fit the devices.</exception>
    public static CostCase Of(RooflinePrediction prediction, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(scenario);
        if (prediction.Fits == false)
        {
            throw new InputException(
                $"Batch {prediction.Plan.Conditions.Batch} at context {prediction.Plan.Conditions.ContextTokens.Max()} needs {prediction.NeededBytes / 1e9:0.0} GB on each device, and {prediction.Hardware.Name} has {prediction.DeviceMemoryBytes / 1e9:0.0} GB: give --tensor-parallel {prediction.DevicesNeeded} or more, or a smaller batch, context or format."
            );
        }

        return OfUnchecked(prediction, scenario);
    }

    /// <summary>A prediction, whether or not the model fits the devices: for those who look for the batch that does.</summary>
    internal static CostCase OfUnchecked(RooflinePrediction prediction, Scenario scenario)
    {
        ModelInput utilization = Utilization(scenario);
        StepConditions step = prediction.Plan.Conditions;
        DeviceSpecification specification = prediction.Hardware.ToSpecification();
        CostConditions conditions = PredictionCost.ConditionsOf(prediction, utilization.BaseValue);
        return new CostCase(
            conditions,
            [
                Devices(step.TensorParallel, ProvenanceNote.Derived("from the plan")),
                new ModelInput(
                    "rate",
                    "output tokens while busy, at most",
                    "tok/s",
                    prediction.TokensPerSecond,
                    prediction.Provenance
                ),
                utilization,
                DesignPower("p_busy", "device power while busy", "busy_fraction", specification, scenario),
                DesignPower("p_idle", "device power while idle", "idle_fraction", specification, scenario),
                PeakRate(specification),
                InputWork(prediction.Plan),
            ],
            []
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
                $"Batch {prediction.Plan.Conditions.Batch} at context {prediction.Plan.Conditions.ContextTokens.Max()} needs {prediction.NeededBytes / 1e9:0.0} GB, and {prediction.Hardware.Device} has {prediction.DeviceMemoryBytes / 1e9:0.0} GB: give a smaller batch, context or format."
            );
        }

        ModelInput utilization = Utilization(scenario);
        DeviceSpecification? specification = prediction.FirstRecord.Device.Specification;
        double rate = prediction.TokensPerSecond;
        return new CostCase(
            CalibratedCost.ConditionsOf(prediction, utilization.BaseValue),
            [
                Devices(1),
                new ModelInput("rate", "output tokens while busy", "tok/s", rate, prediction.Provenance)
                {
                    Low = rate / (1 + prediction.Error.Fraction),
                    High = rate * (1 + prediction.Error.Fraction),
                },
                utilization,
                DesignPower("p_busy", "device power while busy", "busy_fraction", specification, scenario),
                DesignPower("p_idle", "device power while idle", "idle_fraction", specification, scenario),
                PeakRate(specification),
                InputWork(prediction.Plan),
            ],
            []
        );
    }

    private static ModelInput Utilization(Scenario scenario) => scenario.Inputs.Single(input => input.Symbol == "util");

    private static ModelInput Devices(int count, ProvenanceNote note) =>
        new("gpus", "devices of an instance", "GPU", count, note);

    private static ModelInput DesignPower(
        string symbol,
        string name,
        string fraction,
        DeviceSpecification? specification,
        Scenario scenario
    )
    {
        ModelInput share = scenario.Inputs.Single(input => input.Symbol == fraction);
        if (specification?.TdpWatts is not double design || share.Value is not double likely)
        {
            return new ModelInput(
                symbol,
                name,
                "W/GPU",
                null,
                ProvenanceNote.Unavailable(
                    "noPower",
                    "power was not measured, and no design power of the device is known; give a run with power, or rent"
                )
            );
        }

        return new ModelInput(
            symbol,
            name,
            "W/GPU",
            design * likely,
            ProvenanceNote.Assumed(
                $"{likely:0.##} of the design power of {design:0} W ({share.Provenance.Source}); not measured"
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

    /// <summary>The work of an input token, where the record's model is one of the catalogue.</summary>
    private static ModelInput InputWork(string model, PointRecord point)
    {
        ModelShape? shape = ModelCatalogue.All.FirstOrDefault(candidate => candidate.Name == model);
        return shape is null || !FormatNames.TryParseWeightFormat(point.Weights, out WeightFormat weights)
            ? new ModelInput(
                "flop_per_input",
                "work of an input token",
                "GFLOP/tok",
                null,
                ProvenanceNote.Unavailable("unknownModel", $"{model} is not in the catalogue, so its work is not known")
            )
            : InputWork(
                DecodeStepPlan.Create(
                    shape,
                    StepConditions.Uniform(
                        new StepFormats
                        {
                            Weights = weights,
                            LmHead = weights,
                            Kv = KvFormat.Bf16,
                            Activations = ActivationFormat.Bf16,
                        },
                        1,
                        Math.Max(1, point.Context / 2)
                    )
                )
            );
    }

    /// <summary>
    /// The work of an input token is that of a decode step for one sequence at half the context, which input tokens attend to on
    /// average; on every device of a group a part of it.
    /// </summary>
    private static ModelInput InputWork(DecodeStepPlan plan)
    {
        long flops = plan.Totals.Flops / plan.Conditions.Batch * plan.Conditions.TensorParallel;
        return new ModelInput(
            "flop_per_input",
            "work of an input token",
            "GFLOP/tok",
            flops / 1e9,
            ProvenanceNote.Derived("from the plan of a step")
        );
    }
}
