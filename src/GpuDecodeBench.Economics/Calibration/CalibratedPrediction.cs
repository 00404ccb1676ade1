using System.Globalization;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Calibration;

/// <summary>
/// The step of a model, formats, batch, context and depth as a calibration predicts it for the device that was measured, with an
/// error estimate. This step was not executed.
/// </summary>
public sealed class CalibratedPrediction
{
    private CalibratedPrediction(CalibrationReport report, DecodeStepPlan plan)
    {
        Report = report;
        Plan = plan;
        IReadOnlyList<CalibrationOperation> operations = CalibrationOperation.Of(plan);
        Step = report.Calibration.Predict(operations);
        StepConditions conditions = plan.Conditions;
        Error = report.Errors.Estimate(Step, plan.Model.Name, plan.Layers, conditions.ContextTokens.Max());
        RateErrorFraction = CalibrationEquations.RateError(Error.Fraction, report.MeanStep.Fraction);
        Provenance = ProvenanceNote.Extrapolated(
            string.Create(
                CultureInfo.InvariantCulture,
                $"calibrated on {report.Set.Points.Count} measured points of {Models(report)}; batch over the mean step, {SignificantDigits.Format(report.MeanStep.Ratio, 4)} times the median as in those points; ±{SignificantDigits.Format(RateErrorFraction * 100, 2)} %"
            )
        );
    }

    /// <summary>The calibration and its errors.</summary>
    public CalibrationReport Report { get; }

    /// <summary>The step.</summary>
    public DecodeStepPlan Plan { get; }

    /// <summary>The predicted times, of the median step.</summary>
    public CalibratedStep Step { get; }

    /// <summary>How far they may be off.</summary>
    public ErrorEstimate Error { get; }

    /// <summary>How far <see cref="TokensPerSecond"/> may be off, a fraction: <see cref="Error"/>, and how the points' mean steps scatter.</summary>
    public double RateErrorFraction { get; }

    /// <summary>Where <see cref="TokensPerSecond"/> comes from: extrapolated, with what from and <see cref="RateErrorFraction"/>.</summary>
    public ProvenanceNote Provenance { get; }

    /// <summary>The predicted mean step, in seconds: what tokens per second and costs are over.</summary>
    public double MeanStepSeconds => Step.Seconds * Report.MeanStep.Ratio;

    /// <summary>Tokens per second, all sequences together: the batch over <see cref="MeanStepSeconds"/>.</summary>
    public double TokensPerSecond => Plan.Conditions.Batch / MeanStepSeconds;

    /// <summary>Tokens per second for one sequence.</summary>
    public double TokensPerSecondPerUser => 1 / MeanStepSeconds;

    /// <summary>The device and, on a CPU, the threads.</summary>
    public HardwareUnits Hardware => RecordCost.HardwareOf(FirstRecord, FirstRecord.Points[0]);

    /// <summary>Bytes that the device must hold.</summary>
    public long NeededBytes => Plan.Memory.TotalBytes;

    /// <summary>The device's memory, in bytes; null where it is not known.</summary>
    public long? DeviceMemoryBytes => FirstRecord.Device.MemoryBytes;

    /// <summary>What a step may take of that (<see cref="UsableMemory"/>), in bytes; null where it is not known.</summary>
    public long? UsableMemoryBytes =>
        DeviceMemoryBytes is long memory
            ? UsableMemory.Bytes(memory, UsableMemory.Assumed(FirstRecord.Device.Specification?.Name))
            : null;

    /// <summary>Whether the device can hold the step; null where its memory is not known.</summary>
    public bool? Fits => UsableMemoryBytes is long memory ? NeededBytes <= memory : null;

    /// <summary>What the ceilings allow that were measured along the points; null without a read ceiling.</summary>
    public RooflineTime? Roofline
    {
        get
        {
            IReadOnlyList<CalibrationPoint> points = Report.Set.Points;
            return Ceilings.Middle(points.Select(point => point.Point.ReadCeilingBytesPerSecond)) is > 0 and double read
                ? Workload.Plans.Roofline.Of(
                    Plan,
                    new RooflineCeilings(
                        read,
                        Ceilings.Middle(points.Select(point => point.Record.Ceilings.FlopsPerSecond.Value))
                    )
                )
                : null;
        }
    }

    /// <summary>The derivation of the step's time, the rate of tokens and the error, from the calibration's parameters on.</summary>
    public IReadOnlyList<DerivationLine> Explain() =>
        CalibrationEquations
            .Of(this)
            .Evaluate()
            .Explain(
                CalibrationEquations.Step,
                CalibrationEquations.Rate,
                CalibrationEquations.Error,
                CalibrationEquations.RateErrorSymbol
            );

    internal RunRecord FirstRecord => Report.Set.Records[0];

    /// <summary>Plans a step in the measured points' format of activations, and predicts it.</summary>
    /// <param name="report">The calibration.</param>
    /// <param name="model">The model.</param>
    /// <param name="formats">The formats; that of activations is taken from the measured points.</param>
    /// <param name="batch">Sequences decoded together.</param>
    /// <param name="contextTokens">Tokens of context of each sequence.</param>
    /// <param name="kvBlockTokens">Tokens in a block of the paged cache.</param>
    /// <param name="layers">Layers to run; null for all.</param>
    /// <exception cref="InputException">
    /// A format was not measured, the points were measured on several devices, or the conditions do not fit the model.
    /// </exception>
    public static CalibratedPrediction Of(
        CalibrationReport report,
        ModelShape model,
        StepFormats formats,
        int batch,
        int contextTokens,
        int kvBlockTokens = StepConditions.DefaultKvBlockTokens,
        int? layers = null
    )
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(formats);
        PointRecord measured = report.Set.Points[0].Point;
        if (measured.TensorParallel != 1)
        {
            throw new InputException(
                $"The points were measured with each layer on {measured.TensorParallel} devices, and a calibration predicts steps on one; give a record of one device."
            );
        }

        StepConditions conditions = StepConditions.Uniform(
            formats with
            {
                Activations = ActivationsOf(measured),
            },
            batch,
            contextTokens
        ) with
        {
            KvBlockTokens = kvBlockTokens,
        };
        return new CalibratedPrediction(report, DecodeStepPlan.Create(model, conditions, layers));
    }

    private static ActivationFormat ActivationsOf(PointRecord point)
    {
        foreach (ActivationFormat format in Enum.GetValues<ActivationFormat>())
        {
            if (format.Name() == point.Activations)
            {
                return format;
            }
        }

        throw new InputException(
            $"The points' format of activations, '{point.Activations}', is not known; accepted are {string.Join(", ", Enum.GetValues<ActivationFormat>().Select(format => format.Name()))}."
        );
    }

    private static string Models(CalibrationReport report) =>
        string.Join(
            " and ",
            report.Set.Points.Select(point => point.Record.Model.Name).Distinct(StringComparer.Ordinal)
        );
}
