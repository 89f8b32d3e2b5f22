namespace Homelab.Providers.Network;

/// <summary>A record of an answer.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Type">The type's number.</param>
/// <param name="Text">Its data as a zone file writes it; for types we do not read as RFC 3597 writes them: <c>\# 4 0A000005</c>.</param>
/// <param name="TimeToLive">For how long it may be kept.</param>
internal sealed record DnsRecord(string Name, ushort Type, string Text, TimeSpan TimeToLive = default);
