using System.Text.Json;
using System.Text.Json.Nodes;
using GpuDecodeBench.Tests.Shared;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Workload.Tests.Models;

/// <summary>Small models to write, and what must be written of them.</summary>
internal static class TestCheckpoints
{
    /// <summary>The small configuration as another model type, with changed keys.</summary>
    public static ModelShape Model(string modelType, string changes)
    {
        using JsonDocument document = JsonDocument.Parse(changes);
        (string, string?)[] keys =
        [
            ("model_type", $"\"{modelType}\""),
            .. document.RootElement.EnumerateObject().Select(key => (key.Name, (string?)key.Value.GetRawText())),
        ];
        return TestConfigs.ReadWith(keys);
    }

    /// <summary>Keys of a small DeepSeek-V3, the first layer dense, and changes to them.</summary>
    public static string DeepSeek(string changes = "")
    {
        JsonObject keys = JsonNode
            .Parse(
                """
                {
                  "num_key_value_heads": 8, "rms_norm_eps": 1e-6, "q_lora_rank": 48, "kv_lora_rank": 40,
                  "qk_nope_head_dim": 24, "qk_rope_head_dim": 16, "v_head_dim": 20, "moe_intermediate_size": 96,
                  "n_routed_experts": 6, "n_shared_experts": 2, "num_experts_per_tok": 2, "n_group": 3, "topk_group": 2,
                  "first_k_dense_replace": 1
                }
                """
            )!
            .AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse("{" + changes + "}")!.AsObject())
        {
            keys[key] = value?.DeepClone();
        }

        return keys.ToJsonString();
    }

    public static DecodeStepPlan Plan(ModelShape model, WeightFormat weights, int? layers = null) =>
        DecodeStepPlan.Create(
            model,
            StepConditions.Uniform(
                new StepFormats
                {
                    Weights = weights,
                    LmHead = StepFormats.DefaultLmHead(weights),
                    Kv = KvFormat.Bf16,
                    Activations = ActivationFormat.Fp32,
                },
                batch: 1,
                contextTokens: 1
            ),
            layers
        );

    /// <summary>The weights of a plan's checkpoint, written to a folder.</summary>
    public static SafetensorsFile Written(DecodeStepPlan plan, ulong seed, string folder)
    {
        new HuggingFaceCheckpoint(plan).Write(
            folder,
            seed,
            new Dictionary<string, string> { ["told"] = "yes" },
            CancellationToken.None
        );
        return new SafetensorsFile(Path.Combine(folder, "model.safetensors"));
    }

    /// <summary>The rows of one matrix of a plan's tensor, in single precision.</summary>
    public static double[][] Rows(DecodeStepPlan plan, ulong seed, TensorRole role, int? layer, int index = 0)
    {
        WeightTensor tensor = plan.Tensors.Single(tensor => tensor.Role == role && tensor.Layer == layer);
        var matrix = new SyntheticMatrix(seed, tensor, index);
        var rows = new double[tensor.Layout.Rows][];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new double[tensor.Layout.Columns];
            matrix.DecodeRow(i, rows[i]);
            rows[i] = [.. rows[i].Select(value => (double)(float)value)];
        }

        return rows;
    }
}
