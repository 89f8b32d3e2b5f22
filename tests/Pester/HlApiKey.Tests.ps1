BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $script:folder = Split-Path $lab.File
    $script:onlyOperating = Copy-LabFile $lab 'interactive: manage' 'interactive: operate'
    # A client of the lab file has no secret here, and nobody it could be sent back to but its own machine.
    $script:withClient = Copy-LabFile $lab 'services:' "mcp:`n  clients:`n    desk: { level: operate, redirects: [ 'http://127.0.0.1/back' ] }`nservices:"
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'New-HlApiKey' {
    It 'says under -WhatIf what it would make, and makes nothing' {
        New-HlApiKey ghost -WhatIf
        Get-HlApiKey | Where-Object Name -EQ ghost | Should -BeNullOrEmpty
        "$folder/keys/ghost.key" | Should -Not -Exist
    }

    It 'writes the key to a file that only its owner can read, and shows it nowhere, for <as>' -ForEach @(
        @{ as = 'a name by position'; name = 'claude'; call = { New-HlApiKey claude } }
        @{ as = 'a name by parameter'; name = 'ci'; call = { New-HlApiKey -Name ci -Level Operate -Operation docker_*, kuma_list_monitors -ExpiresIn 30d -PerMinute 60 } }
        @{ as = 'a name from the pipeline'; name = 'desk'; call = { 'desk' | New-HlApiKey } }
    ) {
        $key = & $call
        $key.Name | Should -Be $name
        $text = Get-Content "$folder/keys/$name.key" -Raw
        $text | Should -Match '^hlk_[A-Za-z0-9_-]{43}\s*$'
        if (-not $IsWindows) { (Get-Item "$folder/keys/$name.key").UnixMode | Should -Be '-rw-------' }
        $key | Format-List * -Force | Out-String | Should -Not -BeLike "*$($text.Trim())*"
        Get-HlAudit -Last 20 | Format-List * -Force | Out-String | Should -Not -BeLike "*$($text.Trim())*"
    }

    It 'remembers the level, the operations and the rate that were wanted' {
        $key = Get-HlApiKey ci
        "$($key.Level)" | Should -Be 'Operate'
        $key.PerMinute | Should -Be 60
        "$($key.Operations)" | Should -BeLike '*docker_[*]*'
    }

    It 'gives one name to one key at a time' {
        (Get-Caught { New-HlApiKey claude }).FullyQualifiedErrorId | Should -Be 'KeyExists,Homelab.PowerShell.NewHlApiKeyCommand'
    }

    It 'is refused to somebody who may not manage the lab' {
        $null = Connect-Hl $onlyOperating
        try {
            (Get-Caught { New-HlApiKey other }).FullyQualifiedErrorId | Should -Be 'LevelTooLow,Homelab.PowerShell.NewHlApiKeyCommand'
        } finally {
            $null = Connect-Hl $lab.File
        }
    }
}

Describe 'Revoke-HlApiKey' {
    It 'takes a key back for good, and the list says so' {
        $null = New-HlApiKey brief
        Revoke-HlApiKey brief -WhatIf
        (Get-HlApiKey brief).RevokedAt | Should -BeNullOrEmpty
        Get-HlApiKey brief | Revoke-HlApiKey -Confirm:$false
        (Get-HlApiKey brief).RevokedAt | Should -Not -BeNullOrEmpty
    }

    It 'says of a key that is not there that it is not, and which there are' {
        $caught = Get-Caught { Revoke-HlApiKey clade -Confirm:$false }
        $caught.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        "$caught" | Should -BeLike "*claude*"
    }
}

Describe 'OAuth clients' {
    BeforeAll {
        $null = Connect-Hl $withClient
    }

    AfterAll {
        $null = Connect-Hl $lab.File
    }

    It 'of the lab file are listed with what they may and how many tokens hold' {
        $client = Get-HlMcpClient
        $client.Id | Should -Be 'desk'
        "$($client.Level)" | Should -Be 'Operate'
        $client.Tokens | Should -Be 0
        $client.IsRegistered | Should -BeFalse
    }

    It 'stay in the lab file when their tokens are taken back' {
        Remove-HlMcpClient desk -WhatIf
        Get-HlMcpClient desk | Remove-HlMcpClient -Confirm:$false
        (Get-HlMcpClient desk).Tokens | Should -Be 0
    }

    It 'that are not there are not found' {
        (Get-Caught { Remove-HlMcpClient dex -Confirm:$false }).CategoryInfo.Category | Should -Be 'ObjectNotFound'
        Get-HlMcpClient hlx_* | Should -BeNullOrEmpty
    }
}
