namespace Homelab;

/// <summary>How one part of the running program is: the state, a feed, the messages, the schedule.</summary>
/// <param name="Part">Its name: <c>state</c>, <c>feed:docker</c>, <c>messages</c>, <c>schedule</c>, <c>heartbeat:kuma</c>.</param>
/// <param name="IsWell">Whether it does its work. A part that has not been heard of for too long does not.</param>
/// <param name="Detail">What it does, or what is wrong, one line.</param>
/// <param name="Since">Since when it is so.</param>
public sealed record PartHealth(string Part, bool IsWell, string Detail, DateTimeOffset Since);
