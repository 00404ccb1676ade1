using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Plans;

/// <summary>The attention part of a layer: grouped-query attention, and what it shares with other kinds.</summary>
internal sealed partial class PlanBuilder
{
    private void AddAttentionPart(AttentionShape shape)
    {
        switch (shape)
        {
            case GroupedQueryAttention attention:
                AddGroupedQueryAttention(attention);
                break;
            case MultiHeadLatentAttention attention:
                AddLatentAttention(attention);
                break;
            default:
                throw new InputException(
                    $"{model.Name} has an attention that this version cannot plan: {shape.GetType().Name}."
                );
        }
    }

    private void AddGroupedQueryAttention(GroupedQueryAttention attention)
    {
        WeightTensor qkv = _tensors.QueryKeyValue(attention, _layer!.Value);
        AddLinear(
            "qkv_proj",
            qkv,
            attention.QkvBias ? TensorRole.QueryKeyValueBias : null,
            StepBuffer.Normed,
            StepBuffer.Qkv
        );
        int width = checked((int)qkv.Layout.Rows);
        int heads = _tensors.QueryHeads(attention) + _tensors.KvHeads(attention);
        if (attention.QueryKeyNorm)
        {
            AddHeadNorm(attention, heads, width);
        }

        int rotated = attention.Rope.RotatedOf(attention.HeadDimension);
        AddRope("rope", StepBuffer.Qkv, width, new RotarySpan(heads, attention.HeadDimension, 0, rotated));
        AddKvAppend(attention, StepBuffer.Qkv);
        AddGroupedAttention(attention);
        AddLinear(
            "o_proj",
            _tensors.AttentionOutput(attention, _layer.Value),
            attention.OutputBias ? TensorRole.AttentionOutputBias : null,
            StepBuffer.AttentionOutput,
            StepBuffer.Delta
        );
    }

    /// <summary>Queries and keys in and out in place, two weights of D; 4 FLOPs an element.</summary>
    private void AddHeadNorm(GroupedQueryAttention attention, int heads, int width)
    {
        WeightTensor queryNorm = ModelTensors.Vector(TensorRole.QueryNorm, _layer, attention.HeadDimension);
        WeightTensor keyNorm = ModelTensors.Vector(TensorRole.KeyNorm, _layer, attention.HeadDimension);
        long elements = _batch * heads * attention.HeadDimension;
        Add(
            new PlanOperation
            {
                Name = "qk_norm",
                Kind = OperationKind.HeadNorm,
                Input = StepBuffer.Qkv,
                Output = StepBuffer.Qkv,
                OutputWidth = width,
                Weight = queryNorm,
                SecondWeight = keyNorm,
                WeightReadBytes = queryNorm.Bytes + keyNorm.Bytes,
                ActivationReadBytes = elements * _activationBytes,
                ActivationWriteBytes = elements * _activationBytes,
                Flops = 4 * elements,
            }
        );
    }

    /// <summary>
    /// The rotated elements in and out in place, B positions and their rows of cosines and sines (FP32) in; rotating a pair is
    /// 6 FLOPs.
    /// </summary>
    private void AddRope(string name, StepBuffer buffer, int width, RotarySpan span)
    {
        long elements = _batch * span.Heads * span.Dimensions;
        Add(
            new PlanOperation
            {
                Name = name,
                Kind = OperationKind.Rope,
                Input = buffer,
                Output = buffer,
                OutputWidth = width,
                Rotary = span,
                ActivationReadBytes =
                    (elements * _activationBytes) + (_batch * (IndexBytes + ((long)span.Dimensions * sizeof(float)))),
                ActivationWriteBytes = elements * _activationBytes,
                Flops = 3 * elements,
            }
        );
    }

    /// <summary>What the cache keeps of B tokens, their positions and one block-table entry each in; B tokens of cache out.</summary>
    private void AddKvAppend(AttentionShape attention, StepBuffer input)
    {
        KvLayout layout = attention.KvLayout(_formats.Kv, _devices);
        long elements = _batch * layout.VectorsPerHead * layout.KvHeads * layout.HeadDimension;
        Add(
            new PlanOperation
            {
                Name = "kv_append",
                Kind = OperationKind.KvAppend,
                Input = input,
                Output = StepBuffer.KvCache,
                OutputWidth = 0,
                KvReadBytes = layout.LayerScaleBytes,
                ActivationReadBytes = (elements * _activationBytes) + (2 * _batch * IndexBytes),
                KvWriteBytes = _batch * layout.BytesPerToken,
            }
        );
    }

    /// <summary>
    /// Queries, the span's keys and values, its block-table entries and B lengths in, and H sinks where there are; B × H × D out.
    /// Per query head and token 2 D FLOPs for the score and 2 D for the weighted sum; the softmax is not counted, as is customary.
    /// </summary>
    private void AddGroupedAttention(GroupedQueryAttention attention)
    {
        int heads = _tensors.QueryHeads(attention);
        WeightTensor? sinks = attention.Sinks ? ModelTensors.Vector(TensorRole.Sinks, _layer, heads) : null;
        int width = heads * attention.HeadDimension;
        AddAttention(attention, StepBuffer.Qkv, StepBuffer.AttentionOutput, width, width, sinks, 4L * width);
    }

    /// <summary>Attention of any kind over the paged cache.</summary>
    /// <param name="attention">The layer's attention.</param>
    /// <param name="input">The queries' buffer.</param>
    /// <param name="output">Where the result goes.</param>
    /// <param name="queryWidth">Elements of a sequence's queries.</param>
    /// <param name="outputWidth">Elements of a sequence's result.</param>
    /// <param name="sinks">The sinks; null where there are none.</param>
    /// <param name="flopsPerToken">FLOPs of all heads for one cached token.</param>
    private void AddAttention(
        AttentionShape attention,
        StepBuffer input,
        StepBuffer output,
        int queryWidth,
        int outputWidth,
        WeightTensor? sinks,
        long flopsPerToken
    )
    {
        KvLayout layout = attention.KvLayout(_formats.Kv, _devices);
        long spanTokens = 0;
        long blocks = 0;
        foreach (int context in conditions.ContextTokens)
        {
            int span = attention.SpanTokens(context);
            int firstBlock = (context - span) / conditions.KvBlockTokens;
            int lastBlock = (context - 1) / conditions.KvBlockTokens;
            spanTokens += span;
            blocks += lastBlock - firstBlock + 1;
        }

        Add(
            new PlanOperation
            {
                Name = "attention",
                Kind = OperationKind.Attention,
                Input = input,
                Output = output,
                OutputWidth = outputWidth,
                Weight = sinks,
                WeightReadBytes = sinks?.Bytes ?? 0,
                KvReadBytes = (spanTokens * layout.BytesPerToken) + layout.LayerScaleBytes,
                ActivationReadBytes = (_batch * queryWidth * _activationBytes) + ((blocks + _batch) * IndexBytes),
                ActivationWriteBytes = _batch * outputWidth * _activationBytes,
                Flops = spanTokens * flopsPerToken,
            }
        );
    }
}
