namespace GpuDecodeBench.Workload.Models;

/// <summary>A model architecture, named as <c>model_type</c> in a Hugging Face <c>config.json</c>.</summary>
public enum ModelArchitecture
{
    /// <summary>Meta's Llama family: pre-norm, grouped-query attention, SwiGLU.</summary>
    Llama,

    /// <summary>Mistral 7B and its dense successors: Llama with an optional sliding window.</summary>
    Mistral,

    /// <summary>Qwen2 and Qwen2.5: Llama with biases on the query, key and value projections.</summary>
    Qwen2,

    /// <summary>Qwen3 dense: Llama with an RMS norm on each head's queries and keys.</summary>
    Qwen3,

    /// <summary>Mixtral: Mistral with a mixture of experts.</summary>
    Mixtral,

    /// <summary>Qwen3 with a mixture of experts.</summary>
    Qwen3Moe,

    /// <summary>OpenAI's gpt-oss: experts, attention sinks, every other layer sliding.</summary>
    GptOss,

    /// <summary>DeepSeek-V3: multi-head latent attention, experts in groups and a shared one.</summary>
    DeepSeekV3,

    /// <summary>Google's Gemma 2: GeGLU, soft caps, norms after each part, every other layer sliding.</summary>
    Gemma2,

    /// <summary>Google's Gemma 3: Gemma 2 with head norms instead of soft caps, five sliding layers to a full one.</summary>
    Gemma3,

    /// <summary>Microsoft's Phi-3 and Phi-4: Llama with fused projections and, in some, RoPE over a part of a head.</summary>
    Phi3,
}
