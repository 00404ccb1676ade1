using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Workload;

/// <summary>How the data files that are part of the program are read, in every room: a field that a file's type does not know, or lacks, is an error in the file.</summary>
public static class DataFileOptions
{
    /// <summary>Options for one serialiser context; a context keeps its own.</summary>
    public static JsonSerializerOptions Create() =>
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        };
}
