using System.Collections.Immutable;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Plans;

/// <summary>
/// Writes down the operations of a decode step. Letters: B batch, h hidden, H and G query and KV heads on this device, D head
/// dimension, f intermediate size on this device, V vocabulary rows on this device, a bytes of an activation.
/// </summary>
internal sealed class PlanBuilder(ModelShape model, StepConditions conditions, int layers)
{
    private const int IndexBytes = sizeof(int);

    private readonly ImmutableArray<PlanOperation>.Builder _operations = ImmutableArray.CreateBuilder<PlanOperation>();
    private readonly StepFormats _formats = conditions.Formats;
    private readonly long _batch = conditions.Batch;
    private readonly long _activationBytes = conditions.Formats.ActivationBytes;
    private readonly int _devices = conditions.TensorParallel;
    private int? _layer;

    public DecodeStepPlan Build()
    {
        AddEmbedding();
        for (int layer = 0; layer < layers; layer++)
        {
            _layer = layer;
            LayerShape shape = model.Layers[layer];
            AddNorm("attn_norm", TensorRole.AttentionNorm);
            AddAttentionPart(shape.Attention);
            AddResidual("attn_residual");
            AddNorm("ffn_norm", TensorRole.FeedForwardNorm);
            AddFeedForwardPart(shape.FeedForward);
            AddResidual("ffn_residual");
        }

        _layer = null;
        AddNorm("final_norm", TensorRole.FinalNorm);
        AddLinear(
            "lm_head",
            ModelTensors.LmHead(model, _formats, _devices),
            null,
            StepBuffer.Normed,
            StepBuffer.Logits
        );
        AddArgmax();
        return new DecodeStepPlan(model, conditions, layers, _operations.ToImmutable());
    }

    private void Add(PlanOperation operation) =>
        _operations.Add(operation with { Index = _operations.Count, Layer = _layer });

    /// <summary>B rows of the matrix (the worst case, all tokens different) and B token ids in; B × h out.</summary>
    private void AddEmbedding()
    {
        WeightTensor table = ModelTensors.Embedding(model, _formats);
        Add(
            new PlanOperation
            {
                Name = "embedding",
                Kind = OperationKind.Embedding,
                Input = StepBuffer.Tokens,
                Output = StepBuffer.Hidden,
                Weight = table,
                WeightReadBytes = (_batch * table.Layout.BytesPerRow) + table.Layout.TensorScaleBytes,
                ActivationReadBytes = _batch * IndexBytes,
                ActivationWriteBytes = _batch * model.HiddenSize * _activationBytes,
            }
        );
    }

    /// <summary>B × h and the weight in, B × h out; square, sum, scale and weigh: 4 FLOPs an element.</summary>
    private void AddNorm(string name, TensorRole role)
    {
        WeightTensor weight = ModelTensors.Vector(role, _layer, model.HiddenSize);
        long bytes = _batch * model.HiddenSize * _activationBytes;
        Add(
            new PlanOperation
            {
                Name = name,
                Kind = OperationKind.RmsNorm,
                Input = StepBuffer.Hidden,
                Output = StepBuffer.Normed,
                Weight = weight,
                WeightReadBytes = weight.Bytes,
                ActivationReadBytes = bytes,
                ActivationWriteBytes = bytes,
                Flops = 4 * _batch * model.HiddenSize,
            }
        );
    }

    /// <summary>The matrix once for the whole batch, B × K in, B × N out; 2 B N K FLOPs, and B N with a bias.</summary>
    private void AddLinear(string name, WeightTensor weight, WeightTensor? bias, StepBuffer input, StepBuffer output)
    {
        WeightLayout layout = weight.Layout;
        Add(
            new PlanOperation
            {
                Name = name,
                Kind = OperationKind.Linear,
                Input = input,
                Output = output,
                Weight = weight,
                SecondWeight = bias,
                WeightReadBytes = weight.Bytes + (bias?.Bytes ?? 0),
                ActivationReadBytes = _batch * layout.Columns * _activationBytes,
                ActivationWriteBytes = _batch * layout.Rows * _activationBytes,
                Flops = (2 * _batch * layout.Rows * layout.Columns) + (bias is null ? 0 : _batch * layout.Rows),
            }
        );
    }

    private void AddAttentionPart(AttentionShape shape)
    {
        switch (shape)
        {
            case GroupedQueryAttention attention:
                AddGroupedQueryAttention(attention);
                break;
            default:
                throw new InputException(
                    $"{model.Name} has an attention that this version cannot plan: {shape.GetType().Name}."
                );
        }
    }

    private void AddGroupedQueryAttention(GroupedQueryAttention attention)
    {
        WeightTensor qkv = ModelTensors.QueryKeyValue(model, attention, _layer!.Value, _formats, _devices);
        WeightTensor? qkvBias = attention.QkvBias
            ? ModelTensors.Vector(TensorRole.QueryKeyValueBias, _layer, qkv.Layout.Rows)
            : null;
        AddLinear("qkv_proj", qkv, qkvBias, StepBuffer.Normed, StepBuffer.Qkv);

        long queryHeads = attention.Heads / _devices;
        long kvHeads = ModelTensors.KvHeadsPerDevice(attention, _devices);
        if (attention.QueryKeyNorm)
        {
            AddHeadNorm(attention, queryHeads + kvHeads);
        }

        AddRope(attention, queryHeads + kvHeads);
        AddKvAppend(attention, (int)kvHeads);
        AddPagedAttention(attention, queryHeads, (int)kvHeads);

        WeightTensor output = ModelTensors.AttentionOutput(model, attention, _layer.Value, _formats, _devices);
        WeightTensor? outputBias = attention.OutputBias
            ? ModelTensors.Vector(TensorRole.AttentionOutputBias, _layer, model.HiddenSize)
            : null;
        AddLinear("o_proj", output, outputBias, StepBuffer.AttentionOutput, StepBuffer.Delta);
        AddAllReduce("attn_all_reduce");
    }

    /// <summary>Queries and keys in and out in place, two weights of D; 4 FLOPs an element.</summary>
    private void AddHeadNorm(GroupedQueryAttention attention, long heads)
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
    /// Queries and keys in and out in place, B positions and their rows of D cosines and sines (FP32) in; rotating a pair is
    /// 6 FLOPs.
    /// </summary>
    private void AddRope(GroupedQueryAttention attention, long heads)
    {
        long elements = _batch * heads * attention.HeadDimension;
        Add(
            new PlanOperation
            {
                Name = "rope",
                Kind = OperationKind.Rope,
                Input = StepBuffer.Qkv,
                Output = StepBuffer.Qkv,
                ActivationReadBytes =
                    (elements * _activationBytes)
                    + (_batch * (IndexBytes + ((long)attention.HeadDimension * sizeof(float)))),
                ActivationWriteBytes = elements * _activationBytes,
                Flops = 3 * elements,
            }
        );
    }

    /// <summary>Keys and values of B tokens, their positions and one block-table entry each in; B tokens of cache out.</summary>
    private void AddKvAppend(GroupedQueryAttention attention, int kvHeads)
    {
        var layout = new KvLayout(_formats.Kv, kvHeads, attention.HeadDimension);
        Add(
            new PlanOperation
            {
                Name = "kv_append",
                Kind = OperationKind.KvAppend,
                Input = StepBuffer.Qkv,
                Output = StepBuffer.KvCache,
                KvReadBytes = layout.LayerScaleBytes,
                ActivationReadBytes =
                    (2 * _batch * kvHeads * attention.HeadDimension * _activationBytes) + (2 * _batch * IndexBytes),
                KvWriteBytes = _batch * layout.BytesPerToken,
            }
        );
    }

    /// <summary>
    /// Queries, the span's keys and values, its block-table entries and B lengths in; B × H × D out. Per query head and token
    /// 2 D FLOPs for the score and 2 D for the weighted sum; the softmax is not counted, as is customary.
    /// </summary>
    private void AddPagedAttention(GroupedQueryAttention attention, long queryHeads, int kvHeads)
    {
        var layout = new KvLayout(_formats.Kv, kvHeads, attention.HeadDimension);
        long spanTokens = 0;
        long blocks = 0;
        foreach (int context in conditions.ContextTokens)
        {
            int span = attention.SpanTokens(context);
            int firstBlock = (context - span) / KvLayout.BlockTokens;
            int lastBlock = (context - 1) / KvLayout.BlockTokens;
            spanTokens += span;
            blocks += lastBlock - firstBlock + 1;
        }

        long queryBytes = _batch * queryHeads * attention.HeadDimension * _activationBytes;
        Add(
            new PlanOperation
            {
                Name = "attention",
                Kind = OperationKind.Attention,
                Input = StepBuffer.Qkv,
                Output = StepBuffer.AttentionOutput,
                KvReadBytes = (spanTokens * layout.BytesPerToken) + layout.LayerScaleBytes,
                ActivationReadBytes = queryBytes + ((blocks + _batch) * IndexBytes),
                ActivationWriteBytes = queryBytes,
                Flops = 4 * spanTokens * queryHeads * attention.HeadDimension,
            }
        );
    }

    private void AddFeedForwardPart(FeedForwardShape shape)
    {
        switch (shape)
        {
            case GatedFeedForward feedForward:
                AddGatedFeedForward(feedForward);
                break;
            default:
                throw new InputException(
                    $"{model.Name} has a feed-forward part that this version cannot plan: {shape.GetType().Name}."
                );
        }
    }

    private void AddGatedFeedForward(GatedFeedForward feedForward)
    {
        int layer = _layer!.Value;
        WeightTensor gateUp = ModelTensors.GateUp(model, feedForward, layer, _formats, _devices);
        WeightTensor down = ModelTensors.Down(model, feedForward, layer, _formats, _devices);
        WeightTensor? gateUpBias = feedForward.Bias
            ? ModelTensors.Vector(TensorRole.GateUpBias, layer, gateUp.Layout.Rows)
            : null;
        WeightTensor? downBias = feedForward.Bias
            ? ModelTensors.Vector(TensorRole.DownBias, layer, model.HiddenSize)
            : null;

        AddLinear("gate_up_proj", gateUp, gateUpBias, StepBuffer.Normed, StepBuffer.GateUp);

        // exp, add, divide and multiply for SiLU count one each, and one for the product with the up half: 5 an element.
        long elements = _batch * down.Layout.Columns;
        Add(
            new PlanOperation
            {
                Name = "activation",
                Kind = OperationKind.GatedActivation,
                Input = StepBuffer.GateUp,
                Output = StepBuffer.Gated,
                ActivationReadBytes = 2 * elements * _activationBytes,
                ActivationWriteBytes = elements * _activationBytes,
                Flops = 5 * elements,
            }
        );
        AddLinear("down_proj", down, downBias, StepBuffer.Gated, StepBuffer.Delta);
        AddAllReduce("ffn_all_reduce");
    }

    /// <summary>Two B × h in, one out; one addition an element.</summary>
    private void AddResidual(string name)
    {
        long elements = _batch * model.HiddenSize;
        Add(
            new PlanOperation
            {
                Name = name,
                Kind = OperationKind.Residual,
                Input = StepBuffer.Delta,
                Output = StepBuffer.Hidden,
                ActivationReadBytes = 2 * elements * _activationBytes,
                ActivationWriteBytes = elements * _activationBytes,
                Flops = elements,
            }
        );
    }

    /// <summary>
    /// A ring all-reduce of B × h over p devices: each sends 2 (p − 1) / p of it (Patarasuk and Yuan, 2009). Absent on one device.
    /// </summary>
    private void AddAllReduce(string name)
    {
        if (_devices == 1)
        {
            return;
        }

        long elements = _batch * model.HiddenSize;
        long bytes = elements * _activationBytes;
        Add(
            new PlanOperation
            {
                Name = name,
                Kind = OperationKind.AllReduce,
                Input = StepBuffer.Delta,
                Output = StepBuffer.Delta,
                ActivationReadBytes = bytes,
                ActivationWriteBytes = bytes,
                LinkBytes = 2 * (_devices - 1) * bytes / _devices,
                Flops = elements * (_devices - 1) / _devices,
            }
        );
    }

    /// <summary>B × V logits in, B token ids out; one comparison a logit. Over p devices each sends its B best (8 bytes each).</summary>
    private void AddArgmax()
    {
        long logits = _batch * ModelTensors.VocabularyPerDevice(model, _devices);
        Add(
            new PlanOperation
            {
                Name = "argmax",
                Kind = OperationKind.Argmax,
                Input = StepBuffer.Logits,
                Output = StepBuffer.NextTokens,
                ActivationReadBytes = logits * _activationBytes,
                ActivationWriteBytes = _batch * IndexBytes,
                LinkBytes = _devices == 1 ? 0 : _batch * 8L * (_devices - 1),
                Flops = logits,
            }
        );
    }
}
