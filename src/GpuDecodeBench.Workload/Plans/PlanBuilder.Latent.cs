using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Plans;

/// <summary>
/// Multi-head latent attention as it is decoded (arXiv 2405.04434, section 2.1 and appendix C): the up-projection of keys is
/// applied to the queries and that of values to the result, so that only the latent is read from the cache.
/// </summary>
internal sealed partial class PlanBuilder
{
    private void AddLatentAttention(MultiHeadLatentAttention attention)
    {
        int layer = _layer!.Value;
        int heads = _tensors.QueryHeads(attention);
        WeightTensor down = _tensors.LatentDown(attention, layer);
        WeightTensor queryUp = _tensors.QueryUp(attention, layer);
        int latentWidth = checked((int)down.Layout.Rows);
        int queryWidth = checked((int)queryUp.Layout.Rows);
        AddLinear("kv_down_proj", down, null, StepBuffer.Normed, StepBuffer.Latent);
        StepBuffer queryInput = StepBuffer.Normed;
        if (attention.QueryLatentDimension is int queryLatent)
        {
            queryInput = StepBuffer.QueryLatent;
            AddNorm("q_latent_norm", TensorRole.QueryLatentNorm, StepBuffer.Latent, queryInput, queryLatent);
        }

        AddLatentNorm(attention, latentWidth);
        AddLinear("q_up_proj", queryUp, null, queryInput, StepBuffer.Queries);
        int rotated = attention.RotatedDimension;
        AddRope(
            "q_rope",
            StepBuffer.Queries,
            queryWidth,
            new RotarySpan(heads, attention.QueryDimension, attention.PlainDimension, rotated)
        );
        AddRope(
            "k_rope",
            StepBuffer.Latent,
            latentWidth,
            new RotarySpan(1, latentWidth, latentWidth - rotated, rotated)
        );
        AddKvAppend(attention, StepBuffer.Latent);
        AddHeadLinear(
            "k_absorb",
            _tensors.KeyUp(attention, layer),
            StepBuffer.Queries,
            StepBuffer.LatentQueries,
            rotated
        );
        AddAbsorbedAttention(attention, heads);
        AddHeadLinear(
            "v_up_proj",
            _tensors.ValueUp(attention, layer),
            StepBuffer.LatentOutput,
            StepBuffer.AttentionOutput,
            0
        );
        AddLinear(
            "o_proj",
            _tensors.AttentionOutput(attention, layer),
            null,
            StepBuffer.AttentionOutput,
            StepBuffer.Delta
        );
    }

    private void AddAbsorbedAttention(MultiHeadLatentAttention attention, int heads)
    {
        int cached = attention.CachedDimension;
        AddAttention(
            attention,
            StepBuffer.LatentQueries,
            StepBuffer.LatentOutput,
            heads * cached,
            heads * attention.LatentDimension,
            null,
            2L * heads * (cached + attention.LatentDimension)
        );
    }

    /// <summary>B latents in and out in place, one weight; 4 FLOPs an element.</summary>
    private void AddLatentNorm(MultiHeadLatentAttention attention, int width)
    {
        WeightTensor weight = ModelTensors.Vector(TensorRole.LatentNorm, _layer, attention.LatentDimension);
        long elements = _batch * attention.LatentDimension;
        Add(
            new PlanOperation
            {
                Name = "kv_latent_norm",
                Kind = OperationKind.LatentNorm,
                Input = StepBuffer.Latent,
                Output = StepBuffer.Latent,
                OutputWidth = width,
                Weight = weight,
                WeightReadBytes = weight.Bytes,
                ActivationReadBytes = elements * _activationBytes,
                ActivationWriteBytes = elements * _activationBytes,
                Flops = 4 * elements,
            }
        );
    }

    /// <summary>
    /// A matrix a head once for the whole batch, B × H × (K + copied) in, B × H × (N + copied) out; 2 B H N K FLOPs.
    /// </summary>
    private void AddHeadLinear(string name, WeightTensor weight, StepBuffer input, StepBuffer output, int copied)
    {
        WeightLayout layout = weight.Layout;
        int width = checked((int)(weight.Count * (layout.Rows + copied)));
        Add(
            new PlanOperation
            {
                Name = name,
                Kind = OperationKind.HeadLinear,
                Input = input,
                Output = output,
                OutputWidth = width,
                Slots = weight.Count,
                Weight = weight,
                WeightReadBytes = weight.Bytes,
                ActivationReadBytes = _batch * weight.Count * (layout.Columns + copied) * _activationBytes,
                ActivationWriteBytes = _batch * width * _activationBytes,
                Flops = 2 * _batch * weight.Count * layout.Rows * layout.Columns,
            }
        );
    }
}
