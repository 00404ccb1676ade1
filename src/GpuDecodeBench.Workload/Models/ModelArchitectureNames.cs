namespace GpuDecodeBench.Workload.Models;

/// <summary>The names of architectures as <c>config.json</c> writes them.</summary>
public static class ModelArchitectureNames
{
    /// <summary>The <c>model_type</c> of an architecture.</summary>
    public static string ModelType(this ModelArchitecture architecture) =>
        architecture switch
        {
            ModelArchitecture.Llama => "llama",
            ModelArchitecture.Mistral => "mistral",
            ModelArchitecture.Qwen2 => "qwen2",
            ModelArchitecture.Qwen3 => "qwen3",
            ModelArchitecture.Mixtral => "mixtral",
            ModelArchitecture.Qwen3Moe => "qwen3_moe",
            ModelArchitecture.GptOss => "gpt_oss",
            ModelArchitecture.DeepSeekV3 => "deepseek_v3",
            ModelArchitecture.Gemma2 => "gemma2",
            ModelArchitecture.Gemma3 => "gemma3_text",
            ModelArchitecture.Phi3 => "phi3",
            _ => throw new ArgumentOutOfRangeException(nameof(architecture), architecture, null),
        };
}
