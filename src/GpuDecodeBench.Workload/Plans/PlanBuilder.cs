using System.Collections.Immutable;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Plans;

/// <summary>
/// Writes down the operations of a decode step. Letters: B batch, h hidden, H and G query and KV heads on this device, D head
/// dimension, f intermediate size on this device, E experts, k experts per token, V vocabulary rows on this device.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="conditions">What the step is asked to do.</param>
/// <param name="layers">Layers to run.</param>
/// <param name="distinctExperts">Experts touched in each layer where that is known; null: as many as expected.</param>
internal sealed partial class PlanBuilder(
    ModelShape model,
    StepConditions conditions,
    int layers,
    ImmutableArray<int>? distinctExperts = null
)
{
    private const int IndexBytes = sizeof(int);

    private readonly ImmutableArray<PlanOperation>.Builder _operations = ImmutableArray.CreateBuilder<PlanOperation>();
    private readonly StepFormats _formats = conditions.Formats;
    private readonly ModelTensors _tensors = new(model, conditions.Formats, conditions.TensorParallel);
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
            AddNorm("attn_norm", TensorRole.AttentionNorm, StepBuffer.Hidden, StepBuffer.Normed, model.HiddenSize);
            AddAttentionPart(shape.Attention);
            EndPart("attn", TensorRole.AttentionPostNorm, shape.PostNorms);
            AddNorm("ffn_norm", TensorRole.FeedForwardNorm, StepBuffer.Hidden, StepBuffer.Normed, model.HiddenSize);
            AddFeedForwardPart(shape.FeedForward);
            EndPart("ffn", TensorRole.FeedForwardPostNorm, shape.PostNorms);
        }

        _layer = null;
        AddNorm("final_norm", TensorRole.FinalNorm, StepBuffer.Hidden, StepBuffer.Normed, model.HiddenSize);
        AddLinear("lm_head", _tensors.LmHead(), null, StepBuffer.Normed, StepBuffer.Logits);
        if (model.LogitSoftCap is not null)
        {
            AddLogitSoftCap();
        }

        AddArgmax();
        return new DecodeStepPlan(model, conditions, layers, _operations.ToImmutable());
    }

    private void Add(PlanOperation operation) =>
        _operations.Add(operation with { Index = _operations.Count, Layer = _layer });

    private void EndPart(string part, TensorRole postNorm, bool hasPostNorm)
    {
        AddAllReduce($"{part}_all_reduce");
        if (hasPostNorm)
        {
            AddNorm($"{part}_post_norm", postNorm, StepBuffer.Delta, StepBuffer.Delta, model.HiddenSize);
        }

        AddResidual($"{part}_residual");
    }

    /// <summary>B rows of the matrix (the worst case, all tokens different) and B token ids in; B × h out.</summary>
    private void AddEmbedding()
    {
        WeightTensor table = _tensors.Embedding();
        Add(
            new PlanOperation
            {
                Name = "embedding",
                Kind = OperationKind.Embedding,
                Input = StepBuffer.Tokens,
                Output = StepBuffer.Hidden,
                OutputWidth = model.HiddenSize,
                Weight = table,
                WeightReadBytes = (_batch * table.Layout.BytesPerRow) + table.Layout.TensorScaleBytes,
                ActivationReadBytes = _batch * IndexBytes,
                ActivationWriteBytes = _batch * model.HiddenSize * _activationBytes,
                Flops = model.EmbeddingScale.Equals(1.0) ? 0 : _batch * model.HiddenSize,
            }
        );
    }

    /// <summary>B × width and the weight in, B × width out; square, sum, scale and weigh: 4 FLOPs an element.</summary>
    private void AddNorm(string name, TensorRole role, StepBuffer input, StepBuffer output, int width)
    {
        WeightTensor weight = ModelTensors.Vector(role, _layer, width);
        long bytes = _batch * width * _activationBytes;
        Add(
            new PlanOperation
            {
                Name = name,
                Kind = OperationKind.RmsNorm,
                Input = input,
                Output = output,
                OutputWidth = width,
                Weight = weight,
                WeightReadBytes = weight.Bytes,
                ActivationReadBytes = bytes,
                ActivationWriteBytes = bytes,
                Flops = 4 * _batch * width,
            }
        );
    }

    /// <summary>The matrix once for the whole batch, B × K in, B × N out; 2 B N K FLOPs, and B N with a bias.</summary>
    private void AddLinear(string name, WeightTensor weight, TensorRole? biasRole, StepBuffer input, StepBuffer output)
    {
        WeightLayout layout = weight.Layout;
        WeightTensor? bias = biasRole is TensorRole role ? ModelTensors.Vector(role, _layer, layout.Rows) : null;
        Add(
            new PlanOperation
            {
                Name = name,
                Kind = OperationKind.Linear,
                Input = input,
                Output = output,
                OutputWidth = checked((int)layout.Rows),
                Weight = weight,
                SecondWeight = bias,
                WeightReadBytes = weight.Bytes + (bias?.Bytes ?? 0),
                ActivationReadBytes = _batch * layout.Columns * _activationBytes,
                ActivationWriteBytes = _batch * layout.Rows * _activationBytes,
                Flops = (2 * _batch * layout.Rows * layout.Columns) + (bias is null ? 0 : _batch * layout.Rows),
            }
        );
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
                OutputWidth = model.HiddenSize,
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
                OutputWidth = model.HiddenSize,
                ActivationReadBytes = bytes,
                ActivationWriteBytes = bytes,
                LinkBytes = 2 * (_devices - 1) * bytes / _devices,
                Flops = elements * (_devices - 1) / _devices,
            }
        );
    }

    /// <summary>B × V logits in and out; divide, tanh and multiply count one each.</summary>
    private void AddLogitSoftCap()
    {
        long elements = _batch * _tensors.VocabularyRows;
        Add(
            new PlanOperation
            {
                Name = "logit_soft_cap",
                Kind = OperationKind.SoftCap,
                Input = StepBuffer.Logits,
                Output = StepBuffer.Logits,
                OutputWidth = _tensors.VocabularyRows,
                ActivationReadBytes = elements * _activationBytes,
                ActivationWriteBytes = elements * _activationBytes,
                Flops = 3 * elements,
            }
        );
    }

    /// <summary>B × V logits in, B token ids out; one comparison a logit. Over p devices each sends its B best (8 bytes each).</summary>
    private void AddArgmax()
    {
        long logits = _batch * _tensors.VocabularyRows;
        Add(
            new PlanOperation
            {
                Name = "argmax",
                Kind = OperationKind.Argmax,
                Input = StepBuffer.Logits,
                Output = StepBuffer.NextTokens,
                OutputWidth = 1,
                ActivationReadBytes = logits * _activationBytes,
                ActivationWriteBytes = _batch * IndexBytes,
                LinkBytes = _devices == 1 ? 0 : _batch * 8L * (_devices - 1),
                Flops = logits,
            }
        );
    }
}
