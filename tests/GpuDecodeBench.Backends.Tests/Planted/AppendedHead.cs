namespace GpuDecodeBench.Backends.Tests.Planted;

/// <summary>One head's key or value as a session shows it.</summary>
internal readonly record struct AppendedHead(int Sequence, int Head, bool IsValue, byte[] Codes, ushort ScaleBits);
