using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Layers;

/// <summary>The plan of a measured point's step, of the whole model, made again from what the record says.</summary>
public static class RecordPlan
{
    /// <summary>The plan; null where the model is not in the catalogue, a format is not known, or the conditions do not fit.</summary>
    /// <param name="record">The run.</param>
    /// <param name="point">One of its points.</param>
    public static DecodeStepPlan? TryOf(RunRecord record, PointRecord point)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(point);
        ModelShape? shape = ModelCatalogue.All.FirstOrDefault(candidate => candidate.Name == record.Model.Name);
        if (
            shape is null
            || !FormatNames.TryParseWeightFormat(point.Weights, out WeightFormat weights)
            || !FormatNames.TryParseWeightFormat(point.LmHead, out WeightFormat head)
            || !FormatNames.TryParseKvFormat(point.Kv, out KvFormat kv)
            || point.LayersTotal != shape.Layers.Length
        )
        {
            return null;
        }

        var formats = new StepFormats
        {
            Weights = weights,
            LmHead = head,
            Kv = kv,
            Activations = ActivationsOf(point.Activations),
        };
        try
        {
            return DecodeStepPlan.Create(
                shape,
                StepConditions.Uniform(formats, point.Batch, point.Context, point.TensorParallel) with
                {
                    KvBlockTokens = point.KvBlockTokens ?? PointRecord.KvBlockTokensUnlessSaid,
                }
            );
        }
        catch (InputException)
        {
            return null;
        }
    }

    /// <summary>The plan.</summary>
    /// <param name="record">The run.</param>
    /// <param name="point">One of its points.</param>
    /// <exception cref="InputException">There is none; the message says why.</exception>
    public static DecodeStepPlan Of(RunRecord record, PointRecord point) =>
        TryOf(record, point)
        ?? throw new InputException(
            $"The bytes of a step of {record.Model.Name} cannot be planned again: the model, its layers or a format of the record are not those of the catalogue."
        );

    private static ActivationFormat ActivationsOf(string name) =>
        Enum.GetValues<ActivationFormat>().FirstOrDefault(format => format.Name() == name, ActivationFormat.Bf16);
}
