//! Real transcripts beside the project, where they are: prompts, tokens and money as another program counted them.
