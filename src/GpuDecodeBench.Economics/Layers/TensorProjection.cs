using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Layers;

/// <summary>
/// A step that was measured on one device, carried over to several that share each layer: the measured time of the bytes that each of
/// them still reads, then the time on the link. Nothing of that was executed.
/// </summary>
public sealed class TensorProjection
{
    private TensorProjection(RunRecord record, PointRecord point, DecodeStepPlan measured, DecodeStepPlan plan)
    {
        Record = record;
        Measured = point;
        Plan = plan;
        Specification = record.Device.Specification!;
        MeasuredSeconds = RecordCost.StepSecondsOf(point);
        ByteShare = (double)plan.Totals.CompulsoryReadBytes / measured.Totals.CompulsoryReadBytes;
    }

    /// <summary>The run.</summary>
    public RunRecord Record { get; }

    /// <summary>The point that was measured.</summary>
    public PointRecord Measured { get; }

    /// <summary>The step on the devices.</summary>
    public DecodeStepPlan Plan { get; }

    /// <summary>What is known of the device.</summary>
    public DeviceSpecification Specification { get; }

    /// <summary>The measured step of the whole model that its tokens per second are over, in seconds.</summary>
    public double MeasuredSeconds { get; }

    /// <summary>Bytes that each device reads over those of the measured step.</summary>
    public double ByteShare { get; }

    /// <summary>What was done, in words.</summary>
    public string Detail =>
        $"1 device measured, {Plan.Conditions.TensorParallel} projected: its time for {ByteShare:0.###} of its bytes, then the link";

    /// <summary>Carries a point over.</summary>
    /// <param name="record">The run.</param>
    /// <param name="point">One of its points.</param>
    /// <param name="devices">Devices that are to share each layer.</param>
    /// <exception cref="InputException">The model or the link is not known, the degree does not fit the model, or the point was measured on several devices.</exception>
    public static TensorProjection Of(RunRecord record, PointRecord point, int devices)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(point);
        if (record.Device.Specification?.LinkBytesPerSecond is null)
        {
            throw new InputException(
                $"--tensor-parallel {devices} is not accepted for this record: no link between devices of {record.Device.Name} is known, so what it adds to a step is not."
            );
        }

        if (point.TensorParallel != 1)
        {
            throw new InputException(
                $"--tensor-parallel {devices} is not accepted for a point that was measured on {point.TensorParallel} devices: its link's time is not known apart."
            );
        }

        DecodeStepPlan measured = RecordPlan.Of(record, point);
        DecodeStepPlan plan = DecodeStepPlan.Create(
            measured.Model,
            measured.Conditions with
            {
                TensorParallel = devices,
            }
        );
        return new TensorProjection(record, point, measured, plan);
    }

    /// <summary>The point as it would be, extrapolated; for where a cost is only a price over a rate.</summary>
    /// <param name="latency">The latency of an exchange; null for the assumed one.</param>
    public PointRecord ToPoint(ModelInput? latency = null)
    {
        StepRate rate = StepRate.Of(this);
        ModelInput exchange = latency ?? LinkEquations.AssumedLatency(Specification.Name);
        Evaluation step = EquationSystem
            .Create([.. rate.Inputs, exchange, LinkEquations.AssumedEfficiency(Specification.Name)], rate.Equations)
            .Evaluate();
        double mean = step.InBaseUnits("t_busy");
        ProvenanceNote note = ProvenanceNote.Extrapolated(Detail);
        return Measured with
        {
            TensorParallel = Plan.Conditions.TensorParallel,
            // The projected step is the mean one; its median lies below it as far as the measured one's does.
            FullStepSeconds = mean / Measured.StepSeconds.MeanOverMedian(),
            FullStepCi95Low = null,
            FullStepCi95High = null,
            RecordedTokensPerSecond = step.InBaseUnits("rate"),
            RecordedTokensPerSecondPerUser = 1 / mean,
            Power = ProjectedPower(note),
            Provenance = new Dictionary<string, ProvenanceNote>(Measured.Provenance) { ["tokensPerSecond"] = note },
        };
    }

    /// <summary>The power of each device is taken to be that of the one measured.</summary>
    internal Figure ProjectedPower(ProvenanceNote note) =>
        Measured.Power.Value is double watts ? new Figure(watts, note, Measured.Power.Method) : Measured.Power;
}
