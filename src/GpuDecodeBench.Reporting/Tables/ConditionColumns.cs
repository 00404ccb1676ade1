using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>The columns by which a row of a step's operations says for machines of which step it is: titles and notes do not reach them.</summary>
internal static class ConditionColumns
{
    /// <summary>The conditions of a point that was measured, with its layers.</summary>
    public static TableSchema<T> Conditions<T>(this TableSchema<T> schema, RunRecord record, PointRecord point) =>
        schema.Conditions(
            record.Model.Name,
            (point.Weights, point.LmHead, point.Kv),
            point.Batch,
            point.Context,
            RecordCost.HardwareOf(record, point),
            (point.LayersMeasured, point.LayersTotal)
        );

    /// <summary>The conditions of a step that was planned.</summary>
    public static TableSchema<T> Conditions<T>(
        this TableSchema<T> schema,
        DecodeStepPlan plan,
        HardwareUnits hardware
    ) =>
        schema.Conditions(
            plan.Model.Name,
            (
                plan.Conditions.Formats.Weights.Name(),
                plan.Conditions.Formats.LmHead.Name(),
                plan.Conditions.Formats.Kv.Name()
            ),
            plan.Conditions.Batch,
            plan.Conditions.ContextTokens.Max(),
            hardware,
            (plan.Layers, plan.Model.Layers.Length)
        );

    private static TableSchema<T> Conditions<T>(
        this TableSchema<T> schema,
        string model,
        (string Weights, string LmHead, string Kv) formats,
        int batch,
        int context,
        HardwareUnits hardware,
        (int Here, int Total) layers
    )
    {
        return schema
            .Machine("model", _ => ResultCell.Of(model))
            .Machine("weights", _ => ResultCell.Of(formats.Weights))
            .Machine("lmHead", _ => ResultCell.Of(formats.LmHead))
            .Machine("kv", _ => ResultCell.Of(formats.Kv))
            .MachineNumber("batch", _ => Count(batch))
            .MachineNumber("contextTokens", _ => Count(context))
            .Machine("hardware", _ => ResultCell.Of(hardware.ToString()))
            .MachineNumber("layers", _ => Count(layers.Here))
            .MachineNumber("layersTotal", _ => Count(layers.Total));

        static ResultCell Count(int count) => ResultCell.Of(count);
    }
}
