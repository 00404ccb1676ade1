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
}
